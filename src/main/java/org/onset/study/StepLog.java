package org.onset.study;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.onset.train.StepListener;
import org.onset.train.StepReport;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line per training step, in a file that survives a crash: a run that goes on from a checkpoint
 * drops the lines of the steps it takes again.
 */
final class StepLog implements StepListener, AutoCloseable {
  static final String FILE = "log.jsonl";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final long tokensPerStep;
  private final Progress.Task progress;
  private @Nullable BufferedWriter writer;

  StepLog(Path file, long tokensPerStep, Progress.Task progress) {
    this.file = file;
    this.tokensPerStep = tokensPerStep;
    this.progress = progress;
  }

  @Override
  public void onStep(StepReport report) {
    try {
      BufferedWriter out = writer == null ? openBefore(report.step()) : writer;
      writer = out;
      out.write(JSON.writeValueAsString(line(report)));
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    progress.advance(
        tokensPerStep,
        report.applied() ? OptionalDouble.of(report.loss()) : OptionalDouble.empty());
    if (!report.applied()) {
      progress.say(
          "step %d was not applied: loss %s, gradient norm %s"
              .formatted(report.step(), report.loss(), report.gradientNorm()));
    }
  }

  @Override
  public void onWarning(String message) {
    progress.say("warning: " + message);
  }

  private BufferedWriter openBefore(long step) throws IOException {
    List<String> kept = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        // The last line may be cut where the process was killed; it belongs to a step taken again.
        if (line.endsWith("}") && JSON.readTree(line).get("step").asLong() < step) {
          kept.add(line);
        }
      }
    }
    progress.advance(kept.size() * tokensPerStep);
    Files.write(file, kept);
    return Files.newBufferedWriter(file, java.nio.file.StandardOpenOption.APPEND);
  }

  private static ObjectNode line(StepReport report) {
    ObjectNode line = JSON.createObjectNode();
    line.put("step", report.step());
    line.put("tokensSeen", report.tokensSeen());
    putFinite(line, "loss", report.loss());
    line.put("learningRate", report.learningRate());
    putFinite(line, "gradientNorm", report.gradientNorm());
    line.put("applied", report.applied());
    line.put("spike", report.spike());
    line.put("tokensPerSecond", Math.round(report.tokensPerSecond()));
    return line;
  }

  private static void putFinite(ObjectNode line, String name, double value) {
    if (Double.isFinite(value)) {
      line.put(name, value);
    } else {
      line.putNull(name);
    }
  }

  void copyTo(Path target) throws IOException {
    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}
