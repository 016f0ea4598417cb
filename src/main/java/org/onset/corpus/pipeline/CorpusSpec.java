package org.onset.corpus.pipeline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.corpus.LabelledSource;
import org.onset.corpus.RequestSource;
import org.onset.corpus.Streams;
import org.onset.corpus.clean.MinHashSpec;
import org.onset.corpus.clean.QualitySpec;
import org.onset.corpus.intervene.LlmScorerSpec;
import org.onset.corpus.intervene.Rule;
import org.onset.corpus.score.EmbeddingSpec;
import org.onset.corpus.score.ScorerSpec;
import org.onset.corpus.source.FileSplit;
import org.onset.corpus.source.TextSource;
import org.onset.spec.Share;

/**
 * What becomes of texts: where they come from, what is left out, how they are scored, and what is
 * made of them.
 *
 * @param documents source name → where its texts lie, in the order of the corpus
 * @param heldOut about so many of the documents with score 0, chosen by a hash of their ids, are in
 *     no stream but {@link Streams#HELD_OUT}
 * @param interventions stream → what it holds of the documents of which scores
 */
public record CorpusSpec(
    Map<String, TextSource> documents,
    Reading reading,
    Cleaning cleaning,
    Scoring scoring,
    Share heldOut,
    Map<String, Rule> interventions)
    implements Checked {
  public CorpusSpec {
    documents = Collections.unmodifiableMap(new LinkedHashMap<>(documents));
    interventions = Collections.unmodifiableMap(new LinkedHashMap<>(interventions));
  }

  @Override
  public void check(Problems problems) {
    problems.require(!documents.isEmpty(), "documents", "must name at least one source");
    problems.require(heldOut.value() < 1, "heldOut", "leaves no safe document for the streams");
    documents.forEach(
        (source, from) -> {
          String field = "documents." + source;
          problems.name(field, source, "ids of documents begin with it");
          problems.require(
              from.scoreColumn() != null || scoring.hasScorer(),
              field,
              "has no score: name its scoreColumn, or give scoring.labelled files to learn from, or"
                  + " scoring.llm");
        });
    Rule.check(interventions, problems.in("interventions"));
    interventions.forEach(
        (stream, rule) ->
            problems.require(
                rule.kind() != Rule.Kind.REPHRASE || scoring.hasScorer(),
                "interventions." + stream,
                "rephrased text must score lower than its source, and nothing scores it: give"
                    + " scoring.labelled files to learn from"));
  }

  TextSource source(FileSplit split) {
    TextSource source = documents.get(split.source());
    if (source == null) {
      throw new IllegalStateException("no source " + split.source());
    }
    return source;
  }

  /**
   * This corpus, in which documents may share no words with {@code more} suites either, unless it
   * is not held against any by the user's wish.
   */
  public CorpusSpec heldAgainst(List<RequestSource> more) {
    Decontamination own = cleaning.contamination();
    if (own == null) {
      return this;
    }
    List<RequestSource> suites =
        Stream.concat(own.suites().stream(), more.stream()).distinct().toList();
    Cleaning against =
        new Cleaning(
            cleaning.quality(),
            cleaning.exactDuplicates(),
            cleaning.nearDuplicates(),
            suites.isEmpty() ? null : new Decontamination(own.words(), suites));
    return new CorpusSpec(documents, reading, against, scoring, heldOut, interventions);
  }

  /**
   * How files are read.
   *
   * @param damagedShare of all records so many may be damaged
   * @param longestLineBytes a longer line, record of CSV, or whole file, is damaged
   */
  public record Reading(Share damagedShare, int longestLineBytes) implements Checked {
    private static final int SHORTEST = 1 << 10;
    private static final int LONGEST = 1 << 30;

    @Override
    public void check(Problems problems) {
      problems.within("longestLineBytes", longestLineBytes, SHORTEST, LONGEST);
    }
  }

  /**
   * What is left out. A part that is absent is not done.
   *
   * @param exactDuplicates whether of equal texts all but the first go
   * @param nearDuplicates of similar texts all but the first go
   */
  public record Cleaning(
      @Nullable QualitySpec quality,
      boolean exactDuplicates,
      @Nullable MinHashSpec nearDuplicates,
      @Nullable Decontamination contamination) {}

  /** Documents that share {@code words} words in a row with a prompt of {@code suites} go. */
  public record Decontamination(int words, List<RequestSource> suites) implements Checked {
    private static final int FEWEST = 5;
    private static final int MOST = 100;

    public Decontamination {
      suites = List.copyOf(suites);
    }

    @Override
    public void check(Problems problems) {
      problems.within("words", words, FEWEST, MOST);
    }
  }

  /**
   * Who says how unsafe a document is; the score is the highest that any member gives.
   *
   * @param labelled texts to learn from, and to measure on: {@code heldOut} of them
   */
  public record Scoring(
      List<LabelledSource> labelled,
      Share heldOut,
      @Nullable ScorerSpec linear,
      @Nullable EmbeddingSpec embedding,
      @Nullable LlmScorerSpec llm)
      implements Checked {
    public Scoring {
      labelled = List.copyOf(labelled);
    }

    boolean hasScorer() {
      return learns() || llm != null;
    }

    /** Whether a member learns from labelled texts. */
    boolean learns() {
      return (linear != null || embedding != null) && !labelled.isEmpty();
    }

    @Override
    public void check(Problems problems) {
      problems.require(
          heldOut.value() < 1 || labelled.isEmpty(),
          "heldOut",
          "leaves no labelled text to learn from; 20%% is usual");
      problems.require(
          embedding == null || !labelled.isEmpty(),
          "labelled",
          "must name at least one source: the scorers learn from it");
      problems.require(
          labelled.isEmpty() || linear != null || embedding != null,
          "",
          "has labelled files and no scorer to learn from them: switch on linear or embedding");
    }
  }
}
