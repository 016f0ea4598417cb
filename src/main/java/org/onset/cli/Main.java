package org.onset.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.onset.BadInput;
import org.onset.train.TrainingDiverged;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The command line; see {@code onset --help}. */
@Command(
    name = "onset",
    description = "Finds out when safety interventions should enter language-model pretraining.",
    mixinStandardHelpOptions = true,
    version = "onset 0.1.0",
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      ReportCommand.class,
      ScoreCommand.class,
      GenerateCommand.class,
      ChatCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      DoctorCommand.class,
      BenchCommand.class
    })
public final class Main {
  static final int FAILED = 1;
  static final int BAD_INPUT = 2;
  static final int INTERRUPTED = 130;

  private static final int SAVING_SECONDS = 30;

  private Main() {}

  public static void main(String[] arguments) {
    System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    CountDownLatch done = new CountDownLatch(1);
    CommandLine commandLine = commandLine();
    commandLine.setExecutionStrategy(
        parsed -> {
          if (savesItsState(parsed)) {
            interruptOnSignal(Thread.currentThread(), done);
          }
          return new RunLast().execute(parsed);
        });
    int status = FAILED;
    try {
      status = commandLine.execute(arguments);
    } finally {
      done.countDown();
    }
    System.exit(status);
  }

  /** The others end at once on Ctrl-C; one that waits for a line would not hear an interrupt. */
  private static boolean savesItsState(ParseResult parsed) {
    return parsed.hasSubcommand()
        && parsed.subcommand().commandSpec().userObject() instanceof RunCommand;
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setExecutionExceptionHandler((failure, _, _) -> report(failure));
    commandLine.setParameterExceptionHandler(Main::reportUsage);
    return commandLine;
  }

  /**
   * On Ctrl-C the command is interrupted, and the process waits until it has saved its state. It
   * waits for the command, not for its thread: that one may wait in {@link System#exit} for this
   * hook.
   */
  private static void interruptOnSignal(Thread command, CountDownLatch done) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (done.getCount() == 0) {
                    return;
                  }
                  command.interrupt();
                  try {
                    done.await(SAVING_SECONDS, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  private static int report(Exception failure) {
    return switch (failure) {
      case BadInput input -> say(String.join("\n", input.problems()), BAD_INPUT);
      case InterruptedException _ ->
          say("onset: interrupted; the state is saved, the same command goes on", INTERRUPTED);
      case TrainingDiverged diverged -> say("onset: " + diverged.getMessage(), FAILED);
      case IOException io -> say(fileProblem(io), FAILED);
      case UncheckedIOException io -> say(fileProblem(io), FAILED);
      default -> {
        failure.printStackTrace(System.err);
        yield FAILED;
      }
    };
  }

  private static int say(String message, int status) {
    System.err.println(message);
    return status;
  }

  /** Many of these have a file's name for their whole message, so the kind is said as well. */
  private static String fileProblem(Exception failure) {
    Throwable cause = failure.getCause();
    Throwable told = failure instanceof UncheckedIOException && cause != null ? cause : failure;
    return "onset: %s: %s".formatted(told.getClass().getSimpleName(), told.getMessage());
  }

  private static int reportUsage(ParameterException problem, String[] arguments) {
    System.err.println("onset: " + problem.getMessage());
    problem.getCommandLine().usage(System.err);
    return BAD_INPUT;
  }
}
