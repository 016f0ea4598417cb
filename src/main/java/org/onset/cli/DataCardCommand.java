package org.onset.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.corpus.card.AuditedCard;
import org.onset.report.CardPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "card",
    description = "Writes the report card of a built corpus as a page, or of two side by side.",
    mixinStandardHelpOptions = true)
final class DataCardCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..2",
      paramLabel = "DIR",
      description = "The corpus's folder, and that of another to compare it with.")
  private List<Path> folders = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE.html",
      description = "The page (default: card.html, or card-vs-OTHER.html, in the first folder).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print what is on the page as JSON.")
  private boolean json;

  /** A corpus as JSON. */
  private record Shown(String folder, AuditedCard corpus) {}

  private record Answer(String page, List<Shown> corpora) {}

  @Override
  public Integer call() throws Exception {
    List<String> problems = new ArrayList<>();
    Path target = Optional.ofNullable(out).orElseGet(this::besideTheCard);
    if (!target.getFileName().toString().endsWith(".html") || Files.isDirectory(target)) {
      problems.add("--out: must name a file that ends in .html, was " + target);
    }
    List<Shown> corpora = new ArrayList<>();
    for (Path folder : folders) {
      read(folder, problems).ifPresent(corpora::add);
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    AuditedCard first = corpora.getFirst().corpus();
    String page =
        corpora.size() == 1 ? CardPage.of(first) : CardPage.of(first, corpora.getLast().corpus());
    CardPage.write(page, target);
    String shown = target.toAbsolutePath().normalize().toString();
    System.out.println(
        json ? JsonMapper.builder().build().writeValueAsString(new Answer(shown, corpora)) : shown);
    return 0;
  }

  private static Optional<Shown> read(Path folder, List<String> problems) throws IOException {
    try {
      return Optional.of(new Shown(folder.toString(), AuditedCard.read(folder)));
    } catch (BadInput e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private Path besideTheCard() {
    if (folders.size() == 1) {
      return folders.getFirst().resolve(CardPage.FILE);
    }
    Path other = folders.getLast().toAbsolutePath().normalize().getFileName();
    return folders.getFirst().resolve("card-vs-%s.html".formatted(other == null ? "other" : other));
  }
}
