package org.onset.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.onset.BadInput;
import org.onset.model.Safetensors;
import org.onset.model.TensorSource;
import org.onset.tensor.Tensor;

/** AdamW's moments beside a model's files, read and written in pieces. */
final class OptimizerFile {
  private static final String FILE = "onset/optimizer.safetensors";
  private static final String FIRST_MOMENTS = "first_moments";
  private static final String SECOND_MOMENTS = "second_moments";

  private OptimizerFile() {}

  /** Writes the moments, each [parameterCount]. */
  static void write(Path folder, Tensor firstMoments, Tensor secondMoments) throws IOException {
    SequencedMap<String, TensorSource> moments = new LinkedHashMap<>();
    moments.put(FIRST_MOMENTS, whole(firstMoments));
    moments.put(SECOND_MOMENTS, whole(secondMoments));
    Path file = folder.resolve(FILE);
    Files.createDirectories(file.resolveSibling(""));
    Safetensors.write(file, moments);
  }

  private static TensorSource whole(Tensor flat) {
    return TensorSource.part(flat, 0, flat.elementCount());
  }

  /** Overwrites the moments, each [parameterCount]; BadInput where the file holds others. */
  static void read(Path folder, Tensor firstMoments, Tensor secondMoments) {
    try (Safetensors file = Safetensors.open(folder.resolve(FILE))) {
      read(file, FIRST_MOMENTS, firstMoments);
      read(file, SECOND_MOMENTS, secondMoments);
    }
  }

  private static void read(Safetensors file, String name, Tensor into) {
    if (!file.names().contains(name) || !Arrays.equals(file.tensor(name).shape(), into.shape())) {
      throw new BadInput(
          "%s: %s must hold %d values, one for each parameter of the model beside it"
              .formatted(file.file(), name, into.elementCount()));
    }
    file.tensor(name).copyTo(into, 0);
  }
}
