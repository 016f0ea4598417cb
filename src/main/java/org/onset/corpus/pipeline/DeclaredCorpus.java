package org.onset.corpus.pipeline;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.spec.SpecFile;
import org.onset.token.BytePairTrainer;

/**
 * A corpus that is to be built.
 *
 * @param tokenizer of the token shards; absent: texts are all that is made
 * @param places where the fields of {@code spec} and {@code tokenizer} stand
 */
public record DeclaredCorpus(
    String name, CorpusSpec spec, @Nullable TokenizerChoice tokenizer, SpecFile.Places places) {

  /**
   * Exactly one of the two.
   *
   * @param path a folder with a Hugging Face {@code tokenizer.json}
   * @param vocabSize trains a byte-level BPE tokenizer of so many entries on the corpus
   */
  public record TokenizerChoice(@Nullable Path path, @Nullable Integer vocabSize)
      implements Checked {
    @Override
    public void check(Problems problems) {
      problems.require(
          (path == null) != (vocabSize == null), "", "needs exactly one of: path, vocabSize");
      if (vocabSize != null) {
        problems.within("vocabSize", vocabSize, BytePairTrainer.SMALLEST, 1 << 20);
      }
    }
  }
}
