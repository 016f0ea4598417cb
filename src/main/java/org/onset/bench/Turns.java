package org.onset.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The child's half of a benchmark's conversation: it says {@code ready}, answers every line {@code
 * turn} with {@code turn SECONDS FIRST_LOSS LAST_LOSS}, and the end of its input with {@code peak
 * BYTES}, the most memory it ever held, or {@code peak unknown} where the system doesn't tell.
 */
final class Turns {
  static final String READY = "ready";
  static final String TURN = "turn";
  static final String PEAK = "peak";

  private Turns() {}

  /**
   * Some steps in a row.
   *
   * @param seconds from their start to the end of the last
   * @param firstLoss of the first step, mean nats per token before its update
   */
  record Turn(double seconds, double firstLoss, double lastLoss) {}

  /** Takes a turn whenever it is asked to; returns when nobody asks any more. */
  static void serve(Supplier<Turn> takeTurn) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    out.println(READY);
    while (in.readLine() != null) {
      Turn turn = takeTurn.get();
      out.println(
          String.join(
              " ",
              TURN,
              Double.toString(turn.seconds),
              Double.toString(turn.firstLoss),
              Double.toString(turn.lastLoss)));
    }
    OptionalLong peak = PeakMemory.bytes();
    out.println(PEAK + " " + (peak.isPresent() ? Long.toString(peak.getAsLong()) : "unknown"));
  }
}
