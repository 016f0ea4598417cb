package org.onset.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The parent's half of the conversation that {@link Turns} describes. */
final class TurnProcess implements AutoCloseable {
  /** What the launcher sets for the native library. */
  private static final List<String> LAUNCHER_SETTINGS =
      List.of(
          "OMP_WAIT_POLICY", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_");

  private static final Pattern SPACE = Pattern.compile(" ");

  private final String name;
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  /**
   * Starts {@code main} on the Java that runs this, and waits until it is ready.
   *
   * @param launcherSettings false takes away the environment settings that the launcher made
   */
  TurnProcess(Class<?> main, boolean launcherSettings, List<String> arguments) {
    this.name = main.getSimpleName();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.startsWith("-javaagent") && !flag.startsWith("-agentlib")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    if (!launcherSettings) {
      builder.environment().keySet().removeAll(LAUNCHER_SETTINGS);
    }
    try {
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::passOnMessages);
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    try {
      answer(Turns.READY);
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** What the process says on standard error, but for what the JVM says at each start. */
  private void passOnMessages() {
    try (BufferedReader messages = process.errorReader(StandardCharsets.UTF_8)) {
      messages
          .lines()
          .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
          .forEach(System.err::println);
    } catch (IOException | UncheckedIOException e) {
      System.err.println("%s: its messages can't be read: %s".formatted(name, e.getMessage()));
    }
  }

  Turns.Turn turn() {
    try {
      commands.write(Turns.TURN + "\n");
      commands.flush();
    } catch (IOException e) {
      throw ended(e);
    }
    List<Double> numbers =
        SPACE.splitAsStream(answer(Turns.TURN)).map(Double::parseDouble).toList();
    return new Turns.Turn(numbers.get(0), numbers.get(1), numbers.get(2));
  }

  /** Lets the process end, and returns its peak memory. */
  OptionalLong end() {
    try {
      commands.close();
    } catch (IOException e) {
      throw ended(e);
    }
    String bytes = answer(Turns.PEAK);
    return bytes.equals("unknown") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(bytes));
  }

  private String answer(String wanted) {
    try {
      String line = answers.readLine();
      if (line != null && line.startsWith(wanted)) {
        return line.substring(wanted.length()).strip();
      }
      throw ended(new IOException("wanted '%s', got '%s'".formatted(wanted, line)));
    } catch (IOException e) {
      throw ended(e);
    }
  }

  private IllegalStateException ended(IOException cause) {
    return new IllegalStateException(
        "the process of %s broke off; its messages stand above".formatted(name), cause);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
