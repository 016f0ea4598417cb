package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.onset.corpus.DistinctTexts;
import org.onset.corpus.Document;
import org.onset.corpus.Sources;
import org.onset.corpus.score.EmbeddingScorer;
import org.onset.corpus.score.LinearScorer;
import org.onset.corpus.score.TrainedScorer;

/** Trains the members of the ensemble, each written as a file of its own, the linear one first. */
final class ScorerTraining {
  static final String NAME = "scorer";
  static final int VERSION = 1;
  private static final String ENDING = ".scorer";

  private ScorerTraining() {}

  /** The labelled texts, repeats dropped. */
  static List<Document> labelled(CorpusSpec.Scoring scoring) {
    return DistinctTexts.of(Sources.labelled(scoring.labelled()));
  }

  static void run(CorpusSpec.Scoring scoring, List<Document> training, Path folder)
      throws IOException {
    if (scoring.linear() != null) {
      write(LinearScorer.train(training, scoring.linear()), folder.resolve("1-linear" + ENDING));
    }
    if (scoring.embedding() != null) {
      write(
          EmbeddingScorer.train(training, scoring.embedding()),
          folder.resolve("2-embedding" + ENDING));
    }
  }

  private static void write(TrainedScorer scorer, Path file) throws IOException {
    try (scorer) {
      scorer.write(file);
    }
  }

  /** The files of the members, in their order. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    }
  }
}
