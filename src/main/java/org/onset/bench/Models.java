package org.onset.bench;

import java.nio.file.Path;
import org.onset.BadInput;
import org.onset.Seeds;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.tensor.Dtype;

/** Models that compute in a dtype. */
final class Models {
  private Models() {}

  static Transformer load(Path folder, Dtype dtype) {
    requireComputed(dtype);
    return Transformer.load(folder);
  }

  static Transformer initialise(ModelSpec spec, Dtype dtype) {
    requireComputed(dtype);
    return Transformer.initialise(spec, new Seeds(0));
  }

  private static void requireComputed(Dtype dtype) {
    if (dtype != Dtype.FLOAT32) {
      throw new BadInput("--dtype: %s isn't computed; use float32".formatted(dtype.label()));
    }
  }
}
