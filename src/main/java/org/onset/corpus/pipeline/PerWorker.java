package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.intervene.Interventions;
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
  private static final Map<String, Interventions> INTERVENTIONS = new ConcurrentHashMap<>();
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

  /** Endpoints keep their limits only where a process has one of each. */
  static Interventions interventions(StreamsStep.Settings settings) {
    String key =
        WorkFolder.key(
            settings.plan().fingerprint(),
            settings.plan().rules(), // the fingerprint leaves out budgets and addresses
            settings.scorer(),
            settings.answers());
    return INTERVENTIONS.computeIfAbsent(
        key,
        _ ->
            settings
                .plan()
                .open(Path.of(settings.answers()), text -> level(settings.scorer(), text)));
  }

  private static int level(@Nullable String scorer, String text) {
    if (scorer == null) {
      throw new IllegalStateException("nothing scores rewritten texts");
    }
    return scorer(Path.of(scorer)).score(text).level();
  }

  static Tokenizer tokenizer(Path folder) {
    return TOKENIZERS.computeIfAbsent(folder, Tokenizer::open);
  }
}
