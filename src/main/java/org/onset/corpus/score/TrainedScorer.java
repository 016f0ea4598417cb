package org.onset.corpus.score;

import java.io.IOException;
import java.nio.file.Path;
import org.onset.BadInput;

/** A scorer that has learned from labelled documents, and is one file when written. */
public sealed interface TrainedScorer extends SafetyScorer permits LinearScorer, EmbeddingScorer {
  /**
   * The probability that a text's true level is at least the given one: that of its worst chunk,
   * and never more than that of a lower level.
   */
  double probability(String text, int level);

  /** Writes the scorer as one file; the package's description has the layout. */
  void write(Path file) throws IOException;

  /**
   * Reads what {@link #write} wrote; the scores are the same to the last bit.
   *
   * @throws BadInput where the file is missing, damaged, of another version or no scorer
   */
  static TrainedScorer read(Path file) throws IOException {
    return ScorerFile.read(
        file,
        in ->
            switch (in.kind()) {
              case LINEAR -> LinearScorer.read(in);
              case EMBEDDING -> EmbeddingScorer.read(in);
            });
  }
}
