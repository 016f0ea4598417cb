package org.onset.corpus.score;

import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;

/** Which scorers an ensemble trains. */
public record EnsembleSpec(@Nullable ScorerSpec linear, @Nullable EmbeddingSpec embedding)
    implements Checked {

  @Override
  public void check(Problems problems) {
    problems.require(
        linear != null || embedding != null, "", "needs at least one of: linear, embedding");
  }
}
