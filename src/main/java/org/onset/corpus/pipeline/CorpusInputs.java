package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.corpus.intervene.InterventionPlan;
import org.onset.corpus.intervene.LlmScorer;
import org.onset.corpus.intervene.Rule;
import org.onset.corpus.score.EmbeddingSpec;
import org.onset.corpus.source.FileSplit;
import org.onset.corpus.source.SourceFiles;
import org.onset.token.SpecialTokens;
import scala.Tuple2;

/** What a corpus is made from, looked at before anything is built, and without Spark. */
public final class CorpusInputs {
  private CorpusInputs() {}

  /**
   * What is wrong with the files of documents, of those who write, and of the embedding model;
   * nothing where all is well.
   */
  public static List<String> problems(CorpusSpec spec) {
    List<String> problems = new ArrayList<>();
    for (Runnable look :
        List.<Runnable>of(() -> splits(spec), () -> plan(spec), () -> embeddingIsThere(spec))) {
      try {
        look.run();
      } catch (BadInput e) {
        problems.addAll(e.problems());
      }
    }
    return problems;
  }

  /**
   * SHA-256 of everything that determines what a corpus holds but for the files of requests and of
   * labelled texts: settings, and the content of documents, models and written texts, wherever they
   * lie.
   *
   * @param kept as in {@link CorpusBuild.Options}: there it is kept what files hold
   * @throws BadInput with everything that can't be read
   */
  public static String fingerprint(CorpusSpec spec, Path kept) throws IOException {
    List<FileSplit> splits = splits(spec);
    Map<String, String> digests =
        new FileDigests(CorpusBuild.workFolder(kept)).of(splits, CorpusInputs::read);
    List<String> documents = new ArrayList<>();
    for (FileSplit split : splits) {
      documents.add(
          WorkFolder.key(
              split.source(),
              split.name(),
              digests.get(split.file()),
              split.format(),
              DocumentsStep.declared(spec.source(split))));
    }
    CorpusSpec.Cleaning cleaning = spec.cleaning();
    CorpusSpec.Scoring scoring = spec.scoring();
    @Nullable EmbeddingSpec embedding = scoring.embedding();
    return WorkFolder.key(
        DocumentsStep.VERSION,
        SignaturesStep.VERSION,
        DuplicateSearch.VERSION,
        ScorerTraining.VERSION,
        ScoresStep.VERSION,
        ScorerQuality.VERSION,
        StreamsStep.VERSION,
        HarmMentions.QUERIES,
        documents,
        spec.reading().longestLineBytes(),
        cleaning.quality(),
        cleaning.exactDuplicates(),
        cleaning.nearDuplicates(),
        cleaning.contamination() == null ? "" : cleaning.contamination().words(),
        scoring.heldOut(),
        scoring.linear(),
        embedding == null ? "" : embedding.fingerprint(),
        scoring.llm() == null ? "" : LlmScorer.fingerprint(scoring.llm()),
        spec.heldOut(),
        spec.interventions().values().stream().map(Rule::packing).toList(),
        plan(spec).fingerprint());
  }

  private static List<FileSplit> splits(CorpusSpec spec) {
    return SourceFiles.splits(spec.documents(), Cluster.hadoop());
  }

  /** True, or an exception. */
  static boolean embeddingIsThere(CorpusSpec spec) {
    EmbeddingSpec embedding = spec.scoring().embedding();
    if (embedding != null) {
      embedding.requireFiles();
    }
    return true;
  }

  static InterventionPlan plan(CorpusSpec spec) {
    return InterventionPlan.of(spec.interventions(), SpecialTokens.TAG, StreamsStep.SEED);
  }

  private static List<Tuple2<FileSplit, String>> read(List<FileSplit> files) {
    Configuration hadoop = Cluster.hadoop();
    return files.parallelStream()
        .map(
            file -> {
              try {
                return FileDigests.read(file, hadoop);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }
}
