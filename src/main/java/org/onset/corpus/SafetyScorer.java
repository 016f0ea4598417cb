package org.onset.corpus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.onset.BadInput;
import org.onset.Fingerprint;

/**
 * Scores texts from 0 (safe) to 5, as it learned from labelled ones. For each score that occurs
 * among the labels, but the lowest, one logistic regression on hashed n-grams tells the texts at or
 * above it from those below; a text gets the highest score up to which all of them agree. So two
 * labels, 0 and 3, give a scorer that says 0 or 3. A long text is as unsafe as its worst chunk.
 */
public final class SafetyScorer {
  private static final byte[] MAGIC = "ONSETSAF".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int DIGEST_BYTES = 32;

  /** What tells texts at or above a score from those below; the intercept comes last. */
  private static final class Level {
    final int score;
    final double[] weights;

    Level(int score, double[] weights) {
      this.score = score;
      this.weights = weights;
    }
  }

  private final ScorerSpec spec;
  private final HashedGrams grams;
  private final int lowest;
  private final List<Level> levels;

  private SafetyScorer(ScorerSpec spec, int lowest, List<Level> levels) {
    this.spec = spec;
    this.grams = new HashedGrams(spec);
    this.lowest = lowest;
    this.levels = List.copyOf(levels);
  }

  /** Learns from documents that all have a score; at least two scores must occur. */
  public static SafetyScorer train(List<Document> labelled, ScorerSpec spec) {
    List<Integer> truth = labelled.stream().map(SafetyScorer::trueScore).toList();
    TreeSet<Integer> scores = new TreeSet<>(truth);
    if (scores.size() < 2) {
      throw new BadInput(
          "the safety scorer has nothing to tell apart: its %d texts have the scores %s; name labelled files with safe and unsafe texts"
              .formatted(labelled.size(), scores));
    }
    HashedGrams grams = new HashedGrams(spec);
    List<HashedGrams.Vector> vectors =
        labelled.parallelStream().map(document -> grams.vector(document.text())).toList();
    List<Level> levels = new ArrayList<>();
    for (int score : scores.tailSet(scores.first(), false)) {
      boolean[] positive = new boolean[truth.size()];
      for (int i = 0; i < positive.length; i++) {
        positive[i] = truth.get(i) >= score;
      }
      levels.add(
          new Level(
              score,
              LogisticRegression.fit(
                  vectors, positive, grams.dimensions(), spec.cost(), spec.unsafeWeight())));
    }
    return new SafetyScorer(spec, scores.first(), levels);
  }

  public int score(String text) {
    List<HashedGrams.Vector> chunks = grams.chunks(text, spec.chunkWords());
    int score = lowest;
    for (Level level : levels) {
      if (probability(level, chunks) < spec.threshold()) {
        return score;
      }
      score = level.score;
    }
    return score;
  }

  /**
   * The probability that a text's true score is at least the given one: that of its worst chunk,
   * and never more than that of a lower score.
   */
  public double probability(String text, int score) {
    List<HashedGrams.Vector> chunks = grams.chunks(text, spec.chunkWords());
    double least = 1;
    for (Level level : levels) {
      if (score > lowest) {
        least = Math.min(least, probability(level, chunks));
      }
      if (level.score >= score) {
        return least;
      }
    }
    return score <= lowest ? 1 : 0;
  }

  /** The same documents with predicted scores, in the same order; uses all cores. */
  public List<Document> scored(List<Document> documents) {
    return documents.parallelStream()
        .map(document -> document.withScore(score(document.text())))
        .toList();
  }

  /** Compares with the true scores of documents it has not learned from. */
  public Evaluation evaluate(List<Document> heldOut) {
    return Evaluation.of(
        heldOut.parallelStream().map(document -> score(document.text())).toList(),
        heldOut.stream().map(SafetyScorer::trueScore).toList());
  }

  /** Writes the scorer as one file; the package's description has the layout. */
  public void save(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(spec.hashBits());
    out.writeInt(spec.wordGrams());
    out.writeInt(spec.characterGrams());
    out.writeDouble(spec.cost());
    out.writeDouble(spec.unsafeWeight());
    out.writeDouble(spec.threshold());
    out.writeInt(spec.chunkWords());
    out.writeInt(lowest);
    out.writeInt(levels.size());
    for (Level level : levels) {
      out.writeInt(level.score);
      out.writeInt((int) Arrays.stream(level.weights).filter(weight -> weight != 0).count());
      for (int i = 0; i < level.weights.length; i++) {
        if (level.weights[i] != 0) {
          out.writeInt(i);
          out.writeDouble(level.weights[i]);
        }
      }
    }
    out.write(HexFormat.of().parseHex(Fingerprint.of(bytes.toByteArray())));
    Files.write(file, bytes.toByteArray());
  }

  /** Reads what {@link #save} wrote; the scores are the same to the last bit. */
  public static SafetyScorer load(Path file) throws IOException {
    if (Files.notExists(file)) {
      throw new BadInput(file + ": there is no such file");
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length < MAGIC.length + DIGEST_BYTES
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new BadInput(file + ": is no safety scorer of Onset");
    }
    byte[] content = Arrays.copyOf(bytes, bytes.length - DIGEST_BYTES);
    byte[] digest = Arrays.copyOfRange(bytes, content.length, bytes.length);
    if (!HexFormat.of().formatHex(digest).equals(Fingerprint.of(content))) {
      throw new BadInput(file + ": is damaged, its digest doesn't fit; train the scorer again");
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    in.skipNBytes(MAGIC.length);
    int version = in.readInt();
    if (version != VERSION) {
      throw new BadInput(
          "%s: has version %d, this Onset reads version %d; train the scorer again"
              .formatted(file, version, VERSION));
    }
    ScorerSpec spec =
        new ScorerSpec(
            in.readInt(),
            in.readInt(),
            in.readInt(),
            in.readDouble(),
            in.readDouble(),
            in.readDouble(),
            in.readInt());
    int lowest = in.readInt();
    int count = in.readInt();
    List<Level> levels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int score = in.readInt();
      double[] weights = new double[(1 << spec.hashBits()) + 1];
      int nonZero = in.readInt();
      for (int j = 0; j < nonZero; j++) {
        int index = in.readInt();
        weights[index] = in.readDouble();
      }
      levels.add(new Level(score, weights));
    }
    return new SafetyScorer(spec, lowest, levels);
  }

  private double probability(Level level, List<HashedGrams.Vector> chunks) {
    double highest = 0;
    for (HashedGrams.Vector chunk : chunks) {
      highest = Math.max(highest, LogisticRegression.probability(level.weights, chunk));
    }
    return highest;
  }

  private static int trueScore(Document document) {
    return document
        .score()
        .orElseThrow(
            () -> new IllegalArgumentException("document " + document.id() + " has no score"));
  }
}
