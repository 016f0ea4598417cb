package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.score.SafetyScorer;
import org.onset.corpus.score.Score;

/**
 * The safety scores of a split's documents: {@code scores.tsv} has a line for each that stays, its
 * place in the split's file, its score, and its category or nothing. What was scored before, for
 * another selection of the same documents, is not scored again.
 */
final class ScoresStep {
  static final String NAME = "scores";
  static final int VERSION = 1;
  private static final String FILE = "scores.tsv";
  private static final int TEXTS_AT_ONCE = 64;

  private ScoresStep() {}

  /**
   * @param scorer where the ensemble lies; absent: every document has a score of its own
   * @param others folders with the scores of other selections
   */
  static void run(
      Path documents, Selected selected, @Nullable Path scorer, Path others, Path folder)
      throws IOException {
    Map<Integer, Score> known = readAll(others);
    Map<Integer, Score> scores = new TreeMap<>();
    Map<Integer, String> waiting = new LinkedHashMap<>();
    DocumentFile.read(
        documents,
        selected::stays,
        (ordinal, document) -> {
          Score before = known.get(ordinal);
          if (before != null) {
            scores.put(ordinal, before);
          } else if (document.score().isPresent()) {
            scores.put(ordinal, new Score(document.score().getAsInt(), Optional.empty()));
          } else if (scorer != null) {
            waiting.put(ordinal, document.text());
            if (waiting.size() == TEXTS_AT_ONCE) {
              score(waiting, PerWorker.scorer(scorer), scores);
            }
          } else {
            throw new IllegalStateException("document " + document.id() + " has no score");
          }
        });
    if (scorer != null) {
      score(waiting, PerWorker.scorer(scorer), scores);
    }
    StringBuilder lines = new StringBuilder();
    scores.forEach(
        (ordinal, score) ->
            lines
                .append(ordinal)
                .append('\t')
                .append(score.level())
                .append('\t')
                .append(score.category().orElse(""))
                .append('\n'));
    Files.writeString(folder.resolve(FILE), lines);
  }

  private static void score(
      Map<Integer, String> waiting, SafetyScorer scorer, Map<Integer, Score> scores) {
    List<Score> found = scorer.scoreAll(new ArrayList<>(waiting.values()));
    int i = 0;
    for (int ordinal : waiting.keySet()) {
      scores.put(ordinal, found.get(i++));
    }
    waiting.clear();
  }

  private static Map<Integer, Score> readAll(Path others) throws IOException {
    Map<Integer, Score> known = new TreeMap<>();
    if (Files.isDirectory(others)) {
      try (Stream<Path> folders = Files.list(others)) {
        for (Path folder : folders.sorted().toList()) {
          if (Files.exists(folder.resolve(FILE))) {
            known.putAll(read(folder));
          }
        }
      }
    }
    return known;
  }

  static Map<Integer, Score> read(Path folder) throws IOException {
    Map<Integer, Score> scores = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve(FILE), StandardCharsets.UTF_8)) {
      String[] fields = line.split("\t", -1);
      scores.put(
          Integer.valueOf(fields[0]),
          new Score(
              Integer.parseInt(fields[1]),
              fields[2].isEmpty() ? Optional.empty() : Optional.of(fields[2])));
    }
    return scores;
  }
}
