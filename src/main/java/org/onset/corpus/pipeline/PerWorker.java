package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.onset.BadInput;
import org.onset.corpus.Document;
import org.onset.corpus.intervene.Interventions;
import org.onset.corpus.intervene.LlmScorer;
import org.onset.corpus.intervene.LlmScorerSpec;
import org.onset.corpus.intervene.ModelScore;
import org.onset.corpus.intervene.Reason;
import org.onset.corpus.score.Ensemble;
import org.onset.corpus.score.SafetyScorer;
import org.onset.corpus.score.TrainedScorer;
import org.onset.endpoint.Endpoint;
import org.onset.token.Tokenizer;

/**
 * What a worker's tasks share: scorers and tokenizers are opened once a process, by the folder that
 * holds them, and live as long as it does. The folders are named by their content.
 */
final class PerWorker {
  private static final Map<Path, SafetyScorer> SCORERS = new ConcurrentHashMap<>();
  private static final Map<String, LlmScorer> MODELS = new ConcurrentHashMap<>();
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

  /** What a language model scores texts. */
  static List<ModelScore> ask(Scorers scorers, List<String> texts) throws IOException {
    LlmScorerSpec spec = scorers.llm();
    if (spec == null) {
      throw new IllegalStateException("no model was declared");
    }
    LlmScorer scorer =
        MODELS.computeIfAbsent(
            WorkFolder.key(spec, scorers.answers()),
            _ -> new LlmScorer(spec, Endpoint.open(spec.endpoint(), Path.of(scorers.answers()))));
    try {
      return scorer.scoreAll(texts);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking a language model");
    }
  }

  /** Publishing what a server's bad hour left out would make that hour a part of the corpus. */
  static void requireAnswers(SortedMap<String, String> temporary, String answers) {
    if (!temporary.isEmpty()) {
      throw new BadInput(
          temporary.entrySet().stream()
              .map(problem -> problem.getKey() + " (" + problem.getValue() + ")")
              .map(
                  problem ->
                      "%s; nothing is published, the answers so far are kept in %s, and the same"
                              .formatted(problem, answers)
                          + " command goes on")
              .toList());
    }
  }

  /** Endpoints keep their limits only where a process has one of each. */
  static Interventions interventions(StreamsStep.Settings settings) {
    String key =
        WorkFolder.key(
            settings.plan().fingerprint(),
            settings.plan().rules(), // the fingerprint leaves out budgets and addresses
            settings.scorers());
    return INTERVENTIONS.computeIfAbsent(
        key,
        _ ->
            settings
                .plan()
                .open(
                    Path.of(settings.scorers().answers()),
                    texts -> levels(settings.scorers(), texts)));
  }

  /** Of each text the highest level that a member gives. */
  private static List<Integer> levels(Scorers scorers, List<String> texts) {
    List<Integer> levels = new ArrayList<>(Collections.nCopies(texts.size(), 0));
    String trained = scorers.trained();
    if (trained != null) {
      SafetyScorer scorer = scorer(Path.of(trained));
      levels = new ArrayList<>(texts.stream().map(text -> scorer.score(text).level()).toList());
    }
    if (scorers.llm() == null) {
      return levels;
    }
    try {
      List<ModelScore> answers = ask(scorers, texts);
      for (int i = 0; i < texts.size(); i++) {
        levels.set(i, Math.max(levels.get(i), level(answers.get(i), scorers)));
      }
      return levels;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int level(ModelScore answer, Scorers scorers) {
    return switch (answer) {
      case ModelScore.Known known -> known.score();
      case ModelScore.Unknown(Reason reason, String detail) -> {
        if (reason.isTemporary()) {
          requireAnswers(
              new TreeMap<>(Map.of("scoring.llm: " + reason, detail)), scorers.answers());
        }
        yield Document.MAX_SCORE; // nobody says that it is safer
      }
    };
  }

  static Tokenizer tokenizer(Path folder) {
    return TOKENIZERS.computeIfAbsent(folder, Tokenizer::open);
  }
}
