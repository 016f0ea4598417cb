package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.onset.corpus.score.Ensemble;
import org.onset.corpus.score.SafetyScorer;
import org.onset.corpus.score.TrainedScorer;
import org.onset.token.Tokenizer;

/**
 * What a worker's tasks share: scorers and tokenizers are opened once a process, by the folder that
 * holds them, and live as long as it does. The folders are named by their content.
 */
final class PerWorker {
  private static final Map<Path, SafetyScorer> SCORERS = new ConcurrentHashMap<>();
  private static final Map<Path, Tokenizer> TOKENIZERS = new ConcurrentHashMap<>();

  private PerWorker() {}

  static SafetyScorer scorer(Path folder) {
    return SCORERS.computeIfAbsent(
        folder,
        _ -> {
          try {
            return Ensemble.of(ScorerTraining.files(folder).stream().map(PerWorker::read).toList());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static TrainedScorer read(Path file) {
    try {
      return TrainedScorer.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Tokenizer tokenizer(Path folder) {
    return TOKENIZERS.computeIfAbsent(folder, Tokenizer::open);
  }
}
