package org.onset.bench;

import java.io.PrintStream;
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
  /** The sides' losses are compared in so many turns, which don't count. */
  private static final int COMPARED_TURNS = 2;

  /** Then a side takes turns by itself for so long, until its code is compiled. */
  private static final double WARM_UP_SECONDS = 5;

  private static final int ROUNDS = 7;

  /** A round is a turn, or as many as it takes to fill this: short ones are uneven. */
  private static final double ROUND_SECONDS = 2;

  /** A side takes no more turns in a row, however short they are. */
  private static final int MOST_IN_A_ROW = 100;

  private static final int MOST_TURNS = COMPARED_TURNS + (1 + ROUNDS) * MOST_IN_A_ROW;

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
                List.of(shape.name(), dtype.name(), count, folder, Integer.toString(MOST_TURNS)));
        TurnProcess plain =
            new TurnProcess(PlainSteps.class, false, List.of(shape.name(), count, folder))) {
      double[] ourSeconds = new double[ROUNDS];
      double[] plainSeconds = new double[ROUNDS];
      for (int turn = 0; turn < COMPARED_TURNS; turn++) {
        Turns.Turn ofOurs = ours.turn();
        Turns.Turn ofPlain = plain.turn();
        requireAgreement(ofOurs, ofPlain, turn == 0);
        if (turn == 0) {
          inputs.writeFirstLosses(ofOurs.firstLoss(), ofPlain.firstLoss());
        }
      }
      messages.println("bench: warming up …");
      secondsOfTurn(ours, WARM_UP_SECONDS);
      secondsOfTurn(plain, WARM_UP_SECONDS);
      Thread.sleep(PAUSE_MILLIS);
      for (int round = 0; round < ROUNDS; round++) {
        ourSeconds[round] = secondsOfTurn(ours, ROUND_SECONDS);
        Thread.sleep(PAUSE_MILLIS);
        plainSeconds[round] = secondsOfTurn(plain, ROUND_SECONDS);
        Thread.sleep(PAUSE_MILLIS);
        messages.printf(
            Locale.ROOT,
            "bench: round %d of %d: a turn of ours %.3f s, of plain's %.3f s%n",
            round + 1,
            ROUNDS,
            ourSeconds[round],
            plainSeconds[round]);
      }
      return new TrainingMeasure(
          shape.name(),
          peak,
          side(ourSeconds, shape.arms(), ours.end(), dtype),
          side(plainSeconds, 1, plain.end(), Dtype.FLOAT32));
    }
  }

  /** The average of as many turns as take {@code seconds}, at most MOST_IN_A_ROW. */
  private static double secondsOfTurn(TurnProcess side, double seconds) {
    double taken = 0;
    int turns = 0;
    for (; taken < seconds && turns < MOST_IN_A_ROW; turns++) {
      taken += side.turn().seconds();
    }
    return taken / turns;
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

  private Side side(double[] secondsOfTurns, int arms, OptionalLong peakMemoryBytes, Dtype dtype) {
    double seconds = Medians.of(secondsOfTurns);
    long tokens = shape.tokensPerStep() * shape.stepsPerTurn() * arms;
    double tokensPerSecond = tokens / seconds;
    return new Side(
        tokensPerSecond,
        tokensPerSecond * shape.model().trainingFlopsPerToken(shape.contextLength()) / 1e9,
        peakMemoryBytes.isPresent() ? peakMemoryBytes.getAsLong() : null,
        dtype.label());
  }
}
