package org.onset.corpus.pipeline;

import java.io.IOException;
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
import org.onset.corpus.score.Comparison;
import org.onset.corpus.score.Ensemble;
import org.onset.corpus.score.Evaluation;
import org.onset.corpus.score.TrainedScorer;
import org.onset.stats.Rate;

/** How well each scorer and the ensemble do on the labelled texts held out, set by set. */
final class ScorerQuality {
  static final String NAME = "quality";
  static final int VERSION = 1;
  private static final String FILE = "quality.jsonl";
  private static final String ALL_SETS = "all";

  private ScorerQuality() {}

  static void run(Path scorer, List<Document> heldOut, Path folder) throws IOException {
    List<TrainedScorer> members = new ArrayList<>();
    for (Path file : ScorerTraining.files(scorer)) {
      members.add(TrainedScorer.read(file));
    }
    List<CorpusCard.Quality> qualities = new ArrayList<>();
    try (Ensemble ensemble = Ensemble.of(members)) {
      Comparison comparison = Comparison.of(ensemble, heldOut);
      add(ALL_SETS, comparison.together(), qualities);
      comparison.bySource().forEach((set, ofSet) -> add(set, ofSet, qualities));
    }
    JsonFile.writeLines(folder.resolve(FILE), qualities);
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
