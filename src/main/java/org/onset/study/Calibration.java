package org.onset.study;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.onset.Fingerprint;
import org.onset.Seeds;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.tensor.Libtorch;

/**
 * How fast this machine trains on one worker, measured once on two small models and kept per
 * machine. In between the rate is interpolated over the logarithm of the parameters; beyond, the
 * nearer one stands.
 */
record Calibration(List<Point> points) {
  private static final int WARM_UP_STEPS = 2;
  private static final int STEPS = 3;
  private static final ModelSpec SMALL =
      new ModelSpec(512, 96, 2, 4, 4, 24, 256, 64, 10_000, 1e-5, true);
  private static final ModelSpec MEDIUM =
      new ModelSpec(4096, 256, 4, 4, 4, 64, 688, 128, 10_000, 1e-5, true);

  Calibration {
    points = List.copyOf(points);
  }

  /** Floating-point operations per second of a model of that size. */
  record Point(long parameters, double flopsPerSecond) {}

  /** The calibration kept for this machine and thread count, measured now where there is none. */
  static Calibration ofThisMachine(int threads, PrintStream messages) throws IOException {
    String key =
        Fingerprint.of(
            String.join(
                "/",
                Machine.processor(),
                Integer.toString(Runtime.getRuntime().availableProcessors()),
                Integer.toString(threads),
                Libtorch.version()));
    Path file = cache().resolve("calibration-" + key.substring(0, 16) + ".json");
    if (Files.exists(file)) {
      return JsonLines.readJson(file, Calibration.class);
    }
    messages.println("measuring once how fast this machine trains …");
    Libtorch.useThreads(threads);
    Calibration measured = new Calibration(List.of(measure(SMALL, 16), measure(MEDIUM, 8)));
    Files.createDirectories(file.getParent());
    Path temporary = file.resolveSibling(UUID.randomUUID().toString());
    JsonLines.writeJson(temporary, measured);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    return measured;
  }

  private static Path cache() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path home =
        configured == null || configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return home.resolve("onset");
  }

  private static Point measure(ModelSpec spec, int rows) {
    int time = spec.maxContextLength();
    int[][] tokens = new int[rows][time + 1];
    boolean[][] trained = new boolean[rows][time + 1];
    for (int row = 0; row < rows; row++) {
      Arrays.setAll(tokens[row], t -> (t * 7 + 3) % spec.vocabSize());
      Arrays.fill(trained[row], 1, time + 1, true);
    }
    long stepTokens = (long) rows * time;
    try (Transformer model = Transformer.initialise(spec, new Seeds(0))) {
      for (int step = 0; step < WARM_UP_STEPS; step++) {
        model.accumulateGradients(tokens, trained, (double) stepTokens);
      }
      long startedNanos = System.nanoTime();
      for (int step = 0; step < STEPS; step++) {
        model.accumulateGradients(tokens, trained, (double) stepTokens);
      }
      double seconds = (System.nanoTime() - startedNanos) / 1e9;
      double flops = (double) (STEPS * stepTokens) * spec.trainingFlopsPerToken(time);
      return new Point(spec.parameterCount(), flops / seconds);
    }
  }

  @Nullable Double flopsPerSecond(long parameters) {
    if (points.isEmpty()) {
      return null;
    }
    Point small = points.getFirst();
    Point large = points.getLast();
    double position =
        Math.log((double) parameters / small.parameters())
            / Math.log((double) large.parameters() / small.parameters());
    double share = Math.clamp(position, 0.0, 1.0);
    return small.flopsPerSecond() + share * (large.flopsPerSecond() - small.flopsPerSecond());
  }
}
