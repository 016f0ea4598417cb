package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.Document;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.intervene.ModelScore;
import org.onset.corpus.intervene.Reason;
import org.onset.corpus.score.Comparison;
import org.onset.corpus.score.Ensemble;
import org.onset.corpus.score.Evaluation;
import org.onset.corpus.score.SafetyScorer;
import org.onset.corpus.score.Score;
import org.onset.corpus.score.TrainedScorer;
import org.onset.stats.Rate;

/** How well each scorer and the ensemble do on the labelled texts held out, set by set. */
final class ScorerQuality {
  static final String NAME = "quality";
  static final int VERSION = 1;
  private static final String FILE = "quality.jsonl";

  private ScorerQuality() {}

  static void run(Scorers scorers, List<Document> heldOut, Path folder) throws IOException {
    List<SafetyScorer> members = new ArrayList<>();
    if (scorers.trained() != null) {
      for (Path file : ScorerTraining.files(Path.of(scorers.trained()))) {
        members.add(TrainedScorer.read(file));
      }
    }
    if (scorers.llm() != null) {
      // All at once, as many requests at a time as the endpoint allows; one by one they are kept
      // then.
      PerWorker.ask(scorers, heldOut.stream().map(Document::text).toList());
      members.add(new AskedScorer(scorers));
    }
    List<CorpusCard.Quality> qualities = new ArrayList<>();
    try (Ensemble ensemble = Ensemble.of(members)) {
      Comparison comparison = Comparison.of(ensemble, heldOut);
      add(CorpusCard.Quality.ALL_SETS, comparison.together(), qualities);
      comparison.bySource().forEach((set, ofSet) -> add(set, ofSet, qualities));
    }
    JsonFile.writeLines(folder.resolve(FILE), qualities);
  }

  /** The language model as a member of the ensemble; a score that is unknown counts as 0. */
  private record AskedScorer(Scorers scorers) implements SafetyScorer {
    @Override
    public String name() {
      return "llm";
    }

    @Override
    public Score score(String text) {
      try {
        return switch (PerWorker.ask(scorers, List.of(text)).getFirst()) {
          case ModelScore.Known(int level, Optional<String> category) ->
              new Score(level, level == 0 ? Optional.empty() : category);
          case ModelScore.Unknown(Reason reason, String detail) -> {
            if (reason.isTemporary()) {
              PerWorker.requireAnswers(
                  new TreeMap<>(Map.of("scoring.llm: " + reason, detail)), scorers.answers());
            }
            yield new Score(0, Optional.empty());
          }
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String fingerprint() {
      return scorers.fingerprint();
    }

    @Override
    public void close() {} // the endpoint is the worker's
  }

  static List<CorpusCard.Quality> read(Path folder) throws IOException {
    return JsonFile.readLines(folder.resolve(FILE), CorpusCard.Quality.class);
  }

  private static void add(
      String set, Map<String, Evaluation> byScorer, List<CorpusCard.Quality> qualities) {
    byScorer.forEach(
        (scorer, evaluation) -> {
          SortedMap<Integer, CorpusCard.AtLeast> atLeast = new TreeMap<>();
          for (Evaluation.Quality quality : evaluation.atLeast()) {
            atLeast.put(
                quality.score(),
                new CorpusCard.AtLeast(rate(quality.recall()), rate(quality.precision())));
          }
          SortedMap<Integer, CorpusCard.Rate> precisionAt = new TreeMap<>();
          for (Evaluation.Quality quality : evaluation.exactly()) {
            CorpusCard.Rate precision = rate(quality.precision());
            if (precision != null) {
              precisionAt.put(quality.score(), precision);
            }
          }
          qualities.add(
              new CorpusCard.Quality(scorer, set, evaluation.documents(), atLeast, precisionAt));
        });
  }

  private static CorpusCard.@Nullable Rate rate(Optional<Rate> rate) {
    return rate.map(
            each ->
                new CorpusCard.Rate(
                    each.hits(), each.trials(), each.value(), each.low(), each.high()))
        .orElse(null);
  }
}
