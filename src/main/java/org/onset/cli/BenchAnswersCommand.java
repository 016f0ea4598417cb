package org.onset.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.onset.bench.Answers;
import org.onset.bench.BenchJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "answers",
    description = "Tokenizes the texts and continues the prompts of a file; prints JSON.",
    hidden = true,
    mixinStandardHelpOptions = true)
final class BenchAnswersCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A model's folder.")
  private Path folder = Path.of("");

  @Parameters(index = "1", paramLabel = "REQUESTS.json", description = "What to answer.")
  private Path requests = Path.of("");

  @Override
  public Integer call() {
    System.out.println(BenchJson.of(Answers.to(requests, folder)));
    return 0;
  }
}
