package org.onset.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
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
      DataCommand.class,
      TokenizerCommand.class,
      DoctorCommand.class,
      BenchCommand.class
    })
public final class Main {
  static final int FAILED = 1;
  static final int BAD_INPUT = 2;
  static final int INTERRUPTED = 130;

  private static final int SAVING_SECONDS = 30;
  private static final int MOST_PROBLEMS = 100;

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
      case BadInput input -> say(String.join("\n", said(input.problems())), BAD_INPUT);
      case InterruptedException _ ->
          say("onset: interrupted; the state is saved, the same command goes on", INTERRUPTED);
      case TrainingDiverged diverged -> say("onset: " + diverged.getMessage(), FAILED);
      case FileSystemException file -> reportPath(file);
      case UncheckedIOException io when io.getCause() instanceof FileSystemException file ->
          reportPath(file);
      case UncheckedIOException io -> say(inputOrOutput(requireNonNull(io.getCause())), FAILED);
      case IOException io -> say(inputOrOutput(io), FAILED);
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

  /** The first of many: thousands have one cause. */
  private static List<String> said(List<String> problems) {
    if (problems.size() <= MOST_PROBLEMS) {
      return problems;
    }
    List<String> some = new ArrayList<>(problems.subList(0, MOST_PROBLEMS));
    some.add("and %,d more".formatted(problems.size() - MOST_PROBLEMS));
    return some;
  }

  /** Many of these have the file's name for their whole message. */
  private static int reportPath(FileSystemException failure) {
    String why =
        switch (failure) {
          case NoSuchFileException _ -> "is not there, or can't be made";
          case FileAlreadyExistsException _ -> "is there already, and no folder";
          case AccessDeniedException _ -> "may not be read or written";
          default -> failure.getReason() == null ? "can't be used" : failure.getReason();
        };
    boolean wrongPath =
        !failure.getClass().equals(FileSystemException.class) || isNoFolder(failure);
    return say(
        "onset: %s: %s%s".formatted(failure.getFile(), why, wrongPath ? "; name another path" : ""),
        wrongPath ? BAD_INPUT : FAILED);
  }

  private static String inputOrOutput(IOException failure) {
    return "onset: %s: %s".formatted(failure.getClass().getSimpleName(), failure.getMessage());
  }

  private static boolean isNoFolder(FileSystemException failure) {
    return "Not a directory".equals(failure.getReason());
  }

  private static int reportUsage(ParameterException problem, String[] arguments) {
    System.err.println("onset: " + problem.getMessage());
    problem.getCommandLine().usage(System.err);
    return BAD_INPUT;
  }
}
