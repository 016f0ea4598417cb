package org.onset.corpus.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.onset.BadInput;
import org.onset.corpus.Document;
import org.onset.corpus.Request;
import org.onset.corpus.Sources;
import org.onset.corpus.Split;
import org.onset.corpus.intervene.InterventionPlan;
import org.onset.corpus.source.FileSplit;
import org.onset.corpus.source.SourceFiles;

/**
 * What is read before anything is built, so that a mistake costs no folder, no Spark and no hours.
 *
 * @param labelled what the scorers learn from, and what they are measured on
 * @param suites prompts that documents are held against
 */
record DeclaredInputs(
    List<FileSplit> splits, Split labelled, List<Request> suites, InterventionPlan plan) {

  /**
   * Reads what the corpus declares.
   *
   * @throws BadInput with everything that is wrong with any of it
   */
  static DeclaredInputs read(DeclaredCorpus corpus) {
    CorpusSpec spec = corpus.spec();
    CorpusSpec.Decontamination contamination = spec.cleaning().contamination();
    Reading reading = new Reading();
    Optional<List<FileSplit>> splits =
        reading.of(() -> SourceFiles.splits(spec.documents(), Cluster.hadoop()));
    Optional<Split> labelled = reading.of(() -> labelled(corpus));
    Optional<List<Request>> suites =
        reading.of(
            () -> contamination == null ? List.of() : Sources.requests(contamination.suites()));
    Optional<InterventionPlan> plan = reading.of(() -> CorpusInputs.plan(spec));
    reading.of(() -> CorpusInputs.embeddingIsThere(spec));
    reading.of(() -> TokenizerStep.isUsable(corpus));
    reading.throwIfAny();
    return new DeclaredInputs(
        splits.orElseThrow(), labelled.orElseThrow(), suites.orElseThrow(), plan.orElseThrow());
  }

  /** Goes on behind what can't be read, to say what else can't. */
  private static final class Reading {
    private final List<String> problems = new ArrayList<>();

    <T> Optional<T> of(Supplier<T> source) {
      try {
        return Optional.of(source.get());
      } catch (BadInput e) {
        problems.addAll(e.problems());
        return Optional.empty();
      }
    }

    void throwIfAny() {
      if (!problems.isEmpty()) {
        throw new BadInput(problems);
      }
    }
  }

  private static Split labelled(DeclaredCorpus corpus) {
    CorpusSpec.Scoring scoring = corpus.spec().scoring();
    Split split = Split.byId(ScorerTraining.labelled(scoring), scoring.heldOut().value());
    TreeSet<Integer> scores = new TreeSet<>();
    for (Document document : split.training()) {
      document.score().ifPresent(scores::add);
    }
    if (scoring.learns() && scores.size() < 2) {
      throw new BadInput(
          "%s: the %,d texts to learn from have the scores %s, and scoring.heldOut (%s) keeps %,d more; name files with safe and unsafe texts, or hold fewer out"
              .formatted(
                  corpus.places().of("scoring.labelled"),
                  split.training().size(),
                  scores,
                  scoring.heldOut(),
                  split.heldOut().size()));
    }
    return split;
  }
}
