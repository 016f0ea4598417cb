package org.onset.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.onset.bench.TrainingMeasure.GemmPeak;
import org.onset.bench.TrainingMeasure.Side;
import org.onset.tensor.Dtype;
import org.onset.tensor.Libtorch;
import org.onset.tensor.MachineLimits;

/**
 * Measures our training step beside a plain eager one, on the same weights and batch, and both
 * beside the speed of this machine's matrix products.
 */
public final class TrainingBenchmark {
  /** Turns before any is counted; the sides' losses are compared in them. */
  private static final int WARM_UP_TURNS = 2;

  private static final int TURNS = 7;

  /** After this the threads of whoever had its turn have given up spinning. */
  private static final long PAUSE_MILLIS = 200;

  private final TrainingShape shape;
  private final Dtype dtype;
  private final int threads;
  private final PrintStream messages;

  /**
   * @param dtype that our side computes in; the plain side computes in float32
   * @param threads that each side computes on
   * @param messages are told how it goes
   */
  public TrainingBenchmark(TrainingShape shape, Dtype dtype, int threads, PrintStream messages) {
    this.shape = shape;
    this.dtype = dtype;
    this.threads = threads;
    this.messages = messages;
  }

  /** Measures on {@code inputs}, made for this shape. */
  public TrainingMeasure measure(TrainingInputs inputs) throws InterruptedException {
    Libtorch.useThreads(threads);
    messages.println("bench: matrix products …");
    GemmPeak peak =
        new GemmPeak(
            MachineLimits.gemmGflops(Dtype.FLOAT32), MachineLimits.gemmGflops(Dtype.BFLOAT16));
    String folder = inputs.folder().toString();
    String count = Integer.toString(threads);
    messages.println("bench: starting both sides …");
    try (TurnProcess ours =
            new TurnProcess(
                OurSteps.class,
                true,
                List.of(
                    shape.name(),
                    dtype.name(),
                    count,
                    folder,
                    Integer.toString(WARM_UP_TURNS + TURNS)));
        TurnProcess plain =
            new TurnProcess(PlainSteps.class, false, List.of(shape.name(), count, folder))) {
      List<Turns.Turn> ourTurns = new ArrayList<>();
      List<Turns.Turn> plainTurns = new ArrayList<>();
      for (int turn = 0; turn < WARM_UP_TURNS + TURNS; turn++) {
        ourTurns.add(ours.turn());
        Thread.sleep(PAUSE_MILLIS);
        plainTurns.add(plain.turn());
        Thread.sleep(PAUSE_MILLIS);
        if (turn < WARM_UP_TURNS) {
          requireAgreement(ourTurns.getLast(), plainTurns.getLast(), turn == 0);
        }
        if (turn == 0) {
          inputs.writeFirstLosses(
              ourTurns.getFirst().firstLoss(), plainTurns.getFirst().firstLoss());
        }
        messages.printf(
            Locale.ROOT,
            "bench: turn %d of %d: ours %.3f s, plain %.3f s%n",
            turn + 1,
            WARM_UP_TURNS + TURNS,
            ourTurns.getLast().seconds(),
            plainTurns.getLast().seconds());
      }
      return new TrainingMeasure(
          shape.name(),
          peak,
          side(ourTurns, shape.arms(), ours.end(), dtype),
          side(plainTurns, 1, plain.end(), Dtype.FLOAT32));
    }
  }

  /**
   * Both sides must train the same model on the same batch: else the one's time says nothing about
   * the other's. Before any update the losses differ by rounding only.
   */
  private void requireAgreement(Turns.Turn ours, Turns.Turn plain, boolean isFirst) {
    double rounding = dtype == Dtype.FLOAT32 ? 1e-4 : 1e-2;
    requireClose("first", ours.firstLoss(), plain.firstLoss(), isFirst ? rounding : 10 * rounding);
    requireClose("last", ours.lastLoss(), plain.lastLoss(), 10 * rounding);
  }

  private static void requireClose(String which, double ours, double plain, double tolerance) {
    if (!(Math.abs(ours - plain) <= tolerance * Math.abs(plain))) {
      throw new IllegalStateException(
          "the sides don't train alike: the loss of the turn's %s step is %s for ours, %s for plain"
              .formatted(which, ours, plain));
    }
  }

  private Side side(List<Turns.Turn> turns, int arms, OptionalLong peakMemoryBytes, Dtype dtype) {
    double seconds =
        Medians.of(turns.stream().skip(WARM_UP_TURNS).mapToDouble(Turns.Turn::seconds).toArray());
    long tokens = shape.tokensPerStep() * shape.stepsPerTurn() * arms;
    double tokensPerSecond = tokens / seconds;
    return new Side(
        tokensPerSecond,
        tokensPerSecond * shape.model().trainingFlopsPerToken(shape.contextLength()) / 1e9,
        peakMemoryBytes.isPresent() ? peakMemoryBytes.getAsLong() : null,
        dtype.label());
  }
}
