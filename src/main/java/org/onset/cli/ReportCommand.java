package org.onset.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.onset.report.Report;
import org.onset.study.Study;
import org.onset.study.results.RunSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "report",
    description = "Writes report.html and results.csv of a finished run again.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "The run's folder.")
  private Path run = Path.of("");

  @Override
  public Integer call() throws Exception {
    RunSummary summary = Study.readSummary(run);
    Report.write(summary, run);
    System.out.println(Report.table(summary.results()));
    System.out.println(run.resolve("report.html").toAbsolutePath().normalize());
    return 0;
  }
}
