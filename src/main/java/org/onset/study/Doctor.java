package org.onset.study;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.onset.Seeds;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.tensor.Libtorch;
import org.onset.token.Tokenizer;
import org.onset.token.WordTokenizer;

/** Finds out whether Onset can run here, by running each native part once. */
public final class Doctor {
  private static final long MIN_MEMORY_BYTES = 3L << 30;
  private static final long MIN_DISK_BYTES = 1L << 30;

  private Doctor() {}

  /**
   * One thing looked at.
   *
   * @param needed Onset can't run without it
   */
  public record Finding(String what, boolean fine, boolean needed, String found) {}

  public static List<Finding> examine(Path folder) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        new Finding("Java", Runtime.version().feature() == 25, true, "Java " + Runtime.version()));
    findings.add(
        new Finding(
            "processor",
            true,
            true,
            "%s, %d available"
                .formatted(Machine.processor(), Runtime.getRuntime().availableProcessors())));
    findings.add(memory());
    findings.add(disk(folder));
    findings.add(libtorch());
    findings.add(tokenizers());
    findings.add(
        new Finding(
            "OMP_WAIT_POLICY",
            "passive".equals(System.getenv("OMP_WAIT_POLICY")),
            false,
            "passive".equals(System.getenv("OMP_WAIT_POLICY"))
                ? "passive, as the launcher sets it"
                : "not passive: worker threads spin and training is slower; start with ./onset"));
    return findings;
  }

  private static Finding memory() {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      long bytes = system.getTotalMemorySize();
      return new Finding(
          "memory", bytes >= MIN_MEMORY_BYTES, true, "%d MiB".formatted(bytes >> 20));
    }
    return new Finding("memory", true, false, "this platform doesn't tell");
  }

  private static Finding disk(Path folder) {
    try {
      long bytes = Files.getFileStore(folder.toAbsolutePath()).getUsableSpace();
      return new Finding(
          "disk", bytes >= MIN_DISK_BYTES, true, "%d MiB free here".formatted(bytes >> 20));
    } catch (IOException e) {
      return new Finding("disk", false, true, "can't be read: " + e.getMessage());
    }
  }

  private static Finding libtorch() {
    ModelSpec tiny = new ModelSpec(16, 8, 1, 2, 1, 4, 16, 8, 10_000, 1e-5, true);
    try (Transformer model = Transformer.initialise(tiny, new Seeds(0))) {
      double logProbability = model.logProbabilities(new int[][] {{1, 2, 3}})[0][0];
      return new Finding(
          "libtorch",
          Double.isFinite(logProbability),
          true,
          Libtorch.version() + ", computes on the CPU");
    } catch (LinkageError | RuntimeException e) {
      return new Finding("libtorch", false, true, "can't be loaded: " + e);
    }
  }

  private static Finding tokenizers() {
    try {
      Path folder = Files.createTempDirectory("onset-doctor");
      try {
        WordTokenizer.write(List.of("one", "two"), folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
          boolean fine = tokenizer.decode(tokenizer.encode("two one")).equals("two one");
          return new Finding("tokenizers", fine, true, "read and encode");
        }
      } finally {
        ArtifactStore.deleteRecursively(folder);
      }
    } catch (IOException | LinkageError | RuntimeException e) {
      return new Finding("tokenizers", false, true, "can't be loaded: " + e);
    }
  }
}
