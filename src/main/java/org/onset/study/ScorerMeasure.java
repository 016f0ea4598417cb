package org.onset.study;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.Document;
import org.onset.corpus.score.Evaluation;
import org.onset.corpus.score.SafetyScorer;
import org.onset.stats.Rate;
import org.onset.study.results.RunSummary.ScorerQuality;

/** The safety scorer on documents it has not learned from. */
final class ScorerMeasure {
  private ScorerMeasure() {}

  static List<ScorerQuality> of(SafetyScorer scorer, List<Document> heldOut) {
    return Evaluation.of(scorer, heldOut).atLeast().stream()
        .map(
            quality ->
                new ScorerQuality(
                    quality.score(),
                    quality.positives(),
                    orNull(quality.recall()),
                    orNull(quality.precision())))
        .toList();
  }

  private static @Nullable Double orNull(Optional<Rate> rate) {
    return rate.isPresent() ? rate.get().value() : null;
  }
}
