package org.onset.corpus.intervene;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.corpus.Document;
import org.onset.corpus.Streams;
import org.onset.spec.Share;

/**
 * What one stream holds of the documents of some scores. Which of the other components belong
 * follows from the kind.
 *
 * @param scores whose documents the stream takes
 * @param probability of {@code tag}: how often the tag stands before a word
 * @param writer of the kinds that need new words: who finds them
 * @param everyWords of {@code reflect}: about how many words lie between two reflections
 * @param lossOn of {@code reflect}: which tokens carry loss
 * @param lengths of the kinds that need new words: what a text from a file or a model must keep to
 * @param packing how the stream's documents share the sequences of a training step
 */
public record Rule(
    Kind kind,
    List<Integer> scores,
    @Nullable Share probability,
    @Nullable Writer writer,
    @Nullable Integer everyWords,
    @Nullable LossOn lossOn,
    @Nullable Lengths lengths,
    Packing packing)
    implements Checked, Serializable {

  private static final int MOST_WORDS_BETWEEN = 1_000_000;

  public Rule {
    scores = List.copyOf(scores);
  }

  /** What becomes of a document. */
  public enum Kind {
    /** It stays as it is. */
    KEEP,
    /** The tag stands before some of its words. */
    TAG,
    /** It is told again, so that every sentence is safe. */
    REPHRASE,
    /** In its place stands a dialogue: someone asks for what it holds, and is refused. */
    REFUSE,
    /** In its place stands prose about why what it holds is wrong. */
    MORALISE,
    /** It stays, with remarks on itself put in between. */
    REFLECT;

    /** Whether someone has to find new words. */
    boolean isWritten() {
      return this != KEEP && this != TAG;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether words come into the stream that are neither the document's nor our templates'. */
  public boolean hasForeignWords() {
    return writer != null && writer.templates() == null;
  }

  /** Which tokens of a text with insertions carry loss. */
  public enum LossOn {
    ALL,
    INSERTED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How documents become sequences of one length. */
  public enum Packing {
    /** One behind the other, cut wherever a sequence ends. */
    JOINED,
    /** One a sequence, filled up behind it, so that attention never leaves the document. */
    SEPARATE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Says what is wrong with the rules and the names of their streams. */
  public static void check(Map<String, Rule> rules, Problems problems) {
    problems.require(!rules.isEmpty(), "", "must name at least one stream");
    rules.forEach(
        (stream, rule) -> {
          problems.name(stream, stream);
          problems.require(
              !stream.endsWith("_mask"), stream, "must not end in _mask, as the files of masks do");
          problems.require(
              !stream.equals(Streams.HELD_OUT),
              stream,
              "is the name of what heldOut keeps from all streams; choose another");
          rule.check(problems.in(stream));
        });
  }

  @Override
  public void check(Problems problems) {
    checkScores(problems);
    checkBelongs(problems, "probability", probability, kind == Kind.TAG);
    checkBelongs(problems, "writer", writer, kind.isWritten());
    checkBelongs(problems, "everyWords", everyWords, kind == Kind.REFLECT);
    checkBelongs(problems, "lossOn", lossOn, kind == Kind.REFLECT);
    problems.require(
        lengths == null || kind.isWritten(), "lengths", "says nothing of the kind %s", kind);
    if (everyWords != null) {
      problems.within("everyWords", everyWords, 1, MOST_WORDS_BETWEEN);
    }
    if (lengths != null) {
      lengths.check(problems.in("lengths"));
    }
    if (writer != null) {
      writer.check(problems.in("writer"));
      problems.require(
          kind != Kind.REPHRASE || writer.templates() == null,
          "writer.templates",
          "can't rephrase, since templates don't know what a document says; name files or an"
              + " endpoint");
    }
  }

  private void checkScores(Problems problems) {
    problems.require(!scores.isEmpty(), "scores", "must name at least one score, such as [4, 5]");
    problems.require(
        scores.stream().allMatch(score -> score >= 0 && score <= Document.MAX_SCORE),
        "scores",
        "must lie within 0 and %d, was %s",
        Document.MAX_SCORE,
        scores);
    problems.require(
        new HashSet<>(scores).size() == scores.size(),
        "scores",
        "must be distinct, was %s",
        scores);
    if (scores.contains(0)) {
      problems.require(
          kind != Kind.TAG, "scores", "must not hold 0: the tag stands in unsafe text only");
      problems.require(
          kind != Kind.REPHRASE,
          "scores",
          "must not hold 0: a rephrased text must score lower than its source");
    }
  }

  private void checkBelongs(
      Problems problems, String field, @Nullable Object value, boolean belongs) {
    problems.require(value != null || !belongs, field, "is missing; the kind %s needs it", kind);
    problems.require(value == null || belongs, field, "says nothing of the kind %s", kind);
  }
}
