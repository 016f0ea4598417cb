package org.onset.cli;

import java.util.List;
import org.onset.tensor.Dtype;

/** What {@code --dtype} lets a model compute in. */
final class DtypeArgument {
  private DtypeArgument() {}

  /** The dtype of that name; where there is none, a problem, and float32. */
  static Dtype of(String name, List<String> problems) {
    for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.BFLOAT16)) {
      if (dtype.label().equals(name)) {
        return dtype;
      }
    }
    problems.add("--dtype: '%s' is none of float32, bfloat16".formatted(name));
    return Dtype.FLOAT32;
  }
}
