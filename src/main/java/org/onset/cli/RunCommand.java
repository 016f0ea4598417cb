package org.onset.cli;

import java.io.Console;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.onset.report.CardPage;
import org.onset.report.Report;
import org.onset.study.Study;
import org.onset.study.results.RunSummary;
import org.onset.study.spec.StudyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "run",
    description = "Runs a study, or what is left of it, and writes its report.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private StudyArguments arguments = new StudyArguments();

  /** Whether a line can be rewritten where it stands. */
  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  @Override
  public Integer call() throws Exception {
    StudyFile file = arguments.read();
    Study.Options options = arguments.options(file);
    RunSummary summary = new Study(file, options).run(System.err, isTerminal());
    Report.write(summary, options.out());
    if (file.spec().data().files() != null) {
      Path corpus = options.out().resolve("corpus");
      System.out.println(CardPage.write(corpus).toAbsolutePath().normalize());
    }
    System.out.println(Report.table(summary.results()));
    System.out.println(options.out().resolve("report.html").toAbsolutePath().normalize());
    return 0;
  }
}
