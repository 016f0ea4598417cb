package org.onset.study;

import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A line per stage on standard error: how much is done, how fast, the loss, the time left. On a
 * terminal the line is rewritten in place; elsewhere a plain line appears every few seconds and at
 * each stage's end.
 */
final class Progress implements AutoCloseable {
  private static final long TERMINAL_INTERVAL_NANOS = Duration.ofMillis(200).toNanos();
  private static final long PLAIN_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintStream out;
  private final boolean terminal;
  private final Map<Node.Stage, Totals> stages = new EnumMap<>(Node.Stage.class);
  private long lastPrintedNanos;

  Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  private static final class Totals {
    int nodes;
    int nodesDone;
    long work;
    long workDone;
    long startedNanos;
    OptionalDouble loss = OptionalDouble.empty();
  }

  synchronized void expect(Node.Stage stage, long work) {
    Totals totals = stages.computeIfAbsent(stage, _ -> new Totals());
    totals.nodes++;
    totals.work += work;
  }

  /** Says that a node starts; the task carries its progress. */
  synchronized Task start(Node node) {
    Totals totals = stages.computeIfAbsent(node.stage(), _ -> new Totals());
    if (totals.startedNanos == 0) {
      totals.startedNanos = System.nanoTime();
    }
    return new Task(node);
  }

  /** Says something that stays on the screen. */
  synchronized void say(String line) {
    out.print(terminal ? "\r\033[K" + line + "\n" : line + "\n");
    out.flush();
  }

  /** The progress of one node. */
  final class Task {
    private final Node node;
    private long done;

    private Task(Node node) {
      this.node = node;
    }

    void advance(long work) {
      advance(work, OptionalDouble.empty());
    }

    void advance(long work, OptionalDouble loss) {
      synchronized (Progress.this) {
        Totals totals = totals();
        done += work;
        totals.workDone += work;
        if (loss.isPresent()) {
          totals.loss = loss;
        }
        long now = System.nanoTime();
        if (now - lastPrintedNanos > (terminal ? TERMINAL_INTERVAL_NANOS : PLAIN_INTERVAL_NANOS)) {
          lastPrintedNanos = now;
          show(line(node.stage(), totals, now));
        }
      }
    }

    String label() {
      return node.label();
    }

    void say(String line) {
      Progress.this.say(node.label() + ": " + line);
    }

    void finish() {
      synchronized (Progress.this) {
        Totals totals = totals();
        totals.workDone += node.work() - done;
        done = node.work();
        totals.nodesDone++;
        if (totals.nodesDone == totals.nodes) {
          Progress.this.say(line(node.stage(), totals, System.nanoTime()));
        }
      }
    }

    private Totals totals() {
      return stages.computeIfAbsent(node.stage(), _ -> new Totals());
    }
  }

  private void show(String line) {
    out.print(terminal ? "\r\033[K" + line : line + "\n");
    out.flush();
  }

  private static String line(Node.Stage stage, Totals totals, long nowNanos) {
    double seconds = Math.max(1e-3, (nowNanos - totals.startedNanos) / 1e9);
    double perSecond = totals.workDone / seconds;
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-9s %3d/%d done  %3.0f%%",
                stage.title,
                totals.nodesDone,
                totals.nodes,
                100.0 * totals.workDone / Math.max(1, totals.work)));
    if (!stage.unit.isEmpty()) {
      line.append(String.format(Locale.ROOT, "  %,.0f %s/s", perSecond, stage.unit));
    }
    totals.loss.ifPresent(loss -> line.append(String.format(Locale.ROOT, "  loss %.3f", loss)));
    if (totals.nodesDone == totals.nodes) {
      line.append(String.format(Locale.ROOT, "  in %.1f s", seconds));
    } else if (perSecond > 0) {
      line.append(
          String.format(Locale.ROOT, "  %.0f s left", (totals.work - totals.workDone) / perSecond));
    }
    return line.toString();
  }

  @Override
  public synchronized void close() {
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }
}
