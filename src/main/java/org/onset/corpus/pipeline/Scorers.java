package org.onset.corpus.pipeline;

import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.intervene.LlmScorer;
import org.onset.corpus.intervene.LlmScorerSpec;

/**
 * Who scores texts, as it travels to workers.
 *
 * @param trained where the scorers lie that have learned
 * @param llm the language model that is asked as well
 * @param answers where its answers are kept
 */
record Scorers(@Nullable String trained, @Nullable LlmScorerSpec llm, String answers)
    implements Serializable {
  /** Of all that determines the scores; the folder of what has learned is named by its content. */
  String fingerprint() {
    return WorkFolder.key(
        trained == null ? "" : Path.of(trained).getFileName(),
        llm == null ? "" : LlmScorer.fingerprint(llm));
  }
}
