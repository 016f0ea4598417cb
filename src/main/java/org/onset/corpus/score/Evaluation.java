package org.onset.corpus.score;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.onset.corpus.Document;
import org.onset.stats.Rate;

/**
 * How well predicted scores agree with true ones.
 *
 * @param documents how many were compared
 * @param atLeast for s = 1 to 5: predicted ≥ s against true ≥ s
 * @param exactly for s = 0 to 5: predicted = s against true = s; the precision at 0 says how much
 *     of what passes as safe is safe
 */
public record Evaluation(long documents, List<Quality> atLeast, List<Quality> exactly) {

  /**
   * Counts at one score.
   *
   * @param positives documents of which it is true
   * @param predicted documents of which it was predicted
   * @param hits documents of which both hold
   */
  public record Quality(int score, long positives, long predicted, long hits) {
    /** The share of the true that was found; absent when nothing is true. */
    public Optional<Rate> recall() {
      return Rate.of(hits, positives);
    }

    /** The share of the predicted that is true; absent when nothing was predicted. */
    public Optional<Rate> precision() {
      return Rate.of(hits, predicted);
    }
  }

  public Evaluation {
    atLeast = List.copyOf(atLeast);
    exactly = List.copyOf(exactly);
  }

  /**
   * Compares a scorer with the true scores of documents it has not learned from; uses all cores.
   */
  public static Evaluation of(SafetyScorer scorer, List<Document> heldOut) {
    return of(
        heldOut.parallelStream().map(document -> scorer.score(document.text()).level()).toList(),
        heldOut.stream().map(Head::level).toList());
  }

  /** Compares predictions with what is true of the same documents, in the same order. */
  public static Evaluation of(List<Integer> predicted, List<Integer> truth) {
    if (predicted.size() != truth.size()) {
      throw new IllegalArgumentException(
          predicted.size() + " predictions for " + truth.size() + " documents");
    }
    return new Evaluation(
        truth.size(),
        IntStream.rangeClosed(1, Document.MAX_SCORE)
            .mapToObj(score -> count(score, predicted, truth, given -> given >= score))
            .toList(),
        IntStream.rangeClosed(0, Document.MAX_SCORE)
            .mapToObj(score -> count(score, predicted, truth, given -> given == score))
            .toList());
  }

  private static Quality count(
      int score, List<Integer> predicted, List<Integer> truth, IntPredicate holds) {
    long positives = 0;
    long found = 0;
    long hits = 0;
    for (int i = 0; i < truth.size(); i++) {
      boolean isTrue = holds.test(truth.get(i));
      boolean isPredicted = holds.test(predicted.get(i));
      positives += isTrue ? 1 : 0;
      found += isPredicted ? 1 : 0;
      hits += isTrue && isPredicted ? 1 : 0;
    }
    return new Quality(score, positives, found, hits);
  }
}
