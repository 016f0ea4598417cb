package org.onset.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.onset.BadInput;
import org.onset.model.Safetensors;
import org.onset.tensor.Tensor;

/** AdamW's moments beside a model's files, read and written in pieces. */
final class OptimizerFile {
  private static final String FILE = "onset/optimizer.safetensors";
  private static final String FIRST_MOMENTS = "first_moments";
  private static final String SECOND_MOMENTS = "second_moments";

  private OptimizerFile() {}

  /** Writes the moments, each [parameterCount]. */
  static void write(Path folder, Tensor firstMoments, Tensor secondMoments) throws IOException {
    SequencedMap<String, Safetensors.Source> moments = new LinkedHashMap<>();
    moments.put(FIRST_MOMENTS, whole(firstMoments));
    moments.put(SECOND_MOMENTS, whole(secondMoments));
    Path file = folder.resolve(FILE);
    Files.createDirectories(file.resolveSibling(""));
    Safetensors.write(file, moments);
  }

  private static Safetensors.Source whole(Tensor flat) {
    return Safetensors.part(flat, 0, flat.elementCount());
  }

  /** Overwrites the moments, each [parameterCount]; BadInput where the file holds others. */
  static void read(Path folder, Tensor firstMoments, Tensor secondMoments) {
    try (Safetensors file = Safetensors.open(folder.resolve(FILE))) {
      read(file, FIRST_MOMENTS, firstMoments);
      read(file, SECOND_MOMENTS, secondMoments);
    }
  }

  private static void read(Safetensors file, String name, Tensor into) {
    if (!file.names().contains(name)
        || file.shape(name).length != 1
        || file.shape(name)[0] != into.elementCount()) {
      throw new BadInput(
          "%s: %s must hold %d values, one for each parameter of the model beside it"
              .formatted(file.file(), name, into.elementCount()));
    }
    file.copyTo(into, name);
  }
}
