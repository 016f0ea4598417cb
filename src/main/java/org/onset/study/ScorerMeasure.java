package org.onset.study;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.Document;
import org.onset.corpus.SafetyScorer;
import org.onset.study.results.RunSummary.ScorerQuality;

/** The safety scorer on documents it has not learned from. */
final class ScorerMeasure {
  private ScorerMeasure() {}

  static List<ScorerQuality> of(SafetyScorer scorer, List<Document> heldOut) {
    return scorer.evaluate(heldOut).atLeast().stream()
        .map(
            quality ->
                new ScorerQuality(
                    quality.score(),
                    quality.positives(),
                    orNull(quality.recall()),
                    orNull(quality.precision())))
        .toList();
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
