package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.onset.BadInput;
import org.onset.corpus.intervene.ModelScore;
import org.onset.corpus.intervene.Reason;
import org.onset.corpus.score.Score;

/**
 * The safety scores of a split's documents: {@code scores.tsv} has a line for each that stays, its
 * place in the split's file, its score, and its category or nothing. What was scored before, for
 * another selection of the same documents, is not scored again.
 */
final class ScoresStep {
  static final String NAME = "scores";
  static final int VERSION = 2;
  static final String FILE = "scores.tsv";
  private static final String UNKNOWN = "unknown.json";
  private static final int TEXTS_AT_ONCE = 64;
  private static final long CHARACTERS_AT_ONCE = 1 << 20;

  private ScoresStep() {}

  /** Why texts have no score of the language model, and how many: {@code unknown.json}. */
  record Unknown(SortedMap<String, Long> texts) {}

  /**
   * Scores what stays.
   *
   * @param others folders with the scores of other selections
   * @throws BadInput where the language model can't be asked for now; what it said is kept
   */
  static void run(Path documents, Selected selected, Scorers scorers, Path others, Path folder)
      throws IOException {
    Map<Integer, Score> known = readAll(others);
    Map<Integer, String> waiting = new LinkedHashMap<>();
    long[] characters = new long[1];
    Scoring scoring = new Scoring(scorers);
    DocumentFile.read(
        documents,
        selected::stays,
        (ordinal, document) -> {
          Score before = known.get(ordinal);
          if (before != null) {
            scoring.scores.put(ordinal, before);
          } else if (document.score().isPresent()) {
            Score given = new Score(document.score().getAsInt(), Optional.empty());
            scoring.scores.put(ordinal, given);
          } else {
            waiting.put(ordinal, document.text());
            characters[0] += document.text().length();
            if (waiting.size() == TEXTS_AT_ONCE || characters[0] > CHARACTERS_AT_ONCE) {
              scoring.score(waiting);
              characters[0] = 0;
            }
          }
        });
    scoring.score(waiting);
    scoring.requireAnswers();
    StringBuilder lines = new StringBuilder();
    scoring.scores.forEach(
        (ordinal, score) ->
            lines
                .append(ordinal)
                .append('\t')
                .append(score.level())
                .append('\t')
                .append(score.category().orElse("").replaceAll("[\\t\\r\\n]", " "))
                .append('\n'));
    JsonFile.write(folder.resolve(UNKNOWN), new Unknown(scoring.unknown));
    Files.writeString(folder.resolve(FILE), lines);
  }

  private static final class Scoring {
    final Scorers scorers;
    final Map<Integer, Score> scores = new TreeMap<>();
    final SortedMap<String, Long> unknown = new TreeMap<>();
    final SortedMap<String, String> temporary = new TreeMap<>();

    Scoring(Scorers scorers) {
      this.scorers = scorers;
    }

    /** The maximum of all members, and the category of the first that gives it. */
    void score(Map<Integer, String> waiting) throws IOException {
      List<Integer> ordinals = List.copyOf(waiting.keySet());
      List<String> texts = List.copyOf(waiting.values());
      waiting.clear();
      if (scorers.trained() != null) {
        List<Score> found = PerWorker.scorer(Path.of(scorers.trained())).scoreAll(texts);
        for (int i = 0; i < texts.size(); i++) {
          scores.put(ordinals.get(i), found.get(i));
        }
      }
      if (scorers.llm() != null) {
        List<ModelScore> answers = PerWorker.ask(scorers, texts);
        for (int i = 0; i < texts.size(); i++) {
          take(ordinals.get(i), answers.get(i));
        }
      }
    }

    /** A text of which the model's score is unknown has that of the other members, or else 0. */
    private void take(int ordinal, ModelScore answer) {
      switch (answer) {
        case ModelScore.Known(int level, Optional<String> category) ->
            scores.merge(
                ordinal,
                new Score(level, level == 0 ? Optional.empty() : category),
                (trained, asked) -> asked.level() > trained.level() ? asked : trained);
        case ModelScore.Unknown(Reason reason, String detail) -> {
          scores.putIfAbsent(ordinal, new Score(0, Optional.empty()));
          unknown.merge(reason.toString(), 1L, Long::sum);
          if (reason.isTemporary()) {
            temporary.putIfAbsent("scoring.llm: " + reason, detail);
          }
        }
      }
    }

    void requireAnswers() {
      PerWorker.requireAnswers(temporary, scorers.answers());
    }
  }

  static SortedMap<String, Long> unknown(Path folder) throws IOException {
    return JsonFile.read(folder.resolve(UNKNOWN), Unknown.class).texts();
  }

  private static Map<Integer, Score> readAll(Path others) throws IOException {
    Map<Integer, Score> known = new TreeMap<>();
    if (Files.isDirectory(others)) {
      try (Stream<Path> folders = Files.list(others)) {
        for (Path folder : folders.sorted().toList()) {
          // Texts that a model couldn't score are asked about again, so that they are counted
          // again.
          if (!WorkFolder.isTemporary(folder) && unknown(folder).isEmpty()) {
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
      if (fields.length != 3 || !fields[0].matches("\\d{1,9}") || !fields[1].matches("[0-5]")) {
        throw JsonFile.damaged(folder.resolve(FILE));
      }
      Optional<String> category = fields[2].isEmpty() ? Optional.empty() : Optional.of(fields[2]);
      scores.put(Integer.valueOf(fields[0]), new Score(Integer.parseInt(fields[1]), category));
    }
    return scores;
  }
}
