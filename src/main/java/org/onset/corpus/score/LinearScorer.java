package org.onset.corpus.score;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.onset.corpus.Document;

/**
 * Scores texts by the n-grams of words and characters in them, as it learned from labelled ones;
 * {@link Head} says how. A long text is as unsafe as its worst chunk.
 */
public final class LinearScorer implements TrainedScorer {
  /** A thread that has read a longer text gives its buffers back. */
  private static final int KEPT_CHARACTERS = 1 << 20;

  private final ScorerSpec spec;
  private final Head head;
  private final String fingerprint;
  private final ThreadLocal<HashedGrams> grams;

  private LinearScorer(ScorerSpec spec, Head head, String fingerprint) {
    this.spec = spec;
    this.head = head;
    this.fingerprint = fingerprint;
    this.grams = ThreadLocal.withInitial(() -> new HashedGrams(spec));
  }

  /** Learns from documents that all have a score; at least two scores must occur. */
  public static LinearScorer train(List<Document> labelled, ScorerSpec spec) {
    Head.requireLevels(labelled);
    ThreadLocal<HashedGrams> grams = ThreadLocal.withInitial(() -> new HashedGrams(spec));
    List<Vector> vectors =
        labelled.parallelStream().map(document -> grams.get().vector(document.text())).toList();
    Head head =
        Head.train(
            labelled, vectors, HashedGrams.dimensions(spec), spec.cost(), spec.unsafeWeight());
    return new LinearScorer(spec, head, digest(spec, head));
  }

  private static String digest(ScorerSpec spec, Head head) {
    try {
      return ScorerFile.write(
          OutputStream.nullOutputStream(), ScorerFile.Kind.LINEAR, out -> write(out, spec, head));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Score score(String text) {
    HashedGrams reader = read(text);
    int chunks = reader.chunks(spec.chunkWords());
    return head.score(chunks, i -> reader.chunk(i, chunks), spec.threshold());
  }

  @Override
  public double probability(String text, int level) {
    HashedGrams reader = read(text);
    int chunks = reader.chunks(spec.chunkWords());
    return head.probability(chunks, i -> reader.chunk(i, chunks), level);
  }

  private HashedGrams read(String text) {
    HashedGrams reader = grams.get();
    if (text.length() > KEPT_CHARACTERS) {
      grams.remove();
    }
    reader.read(text);
    return reader;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public void write(Path file) throws IOException {
    ScorerFile.write(file, ScorerFile.Kind.LINEAR, out -> write(out, spec, head));
  }

  private static void write(DataOutputStream out, ScorerSpec spec, Head head) throws IOException {
    out.writeInt(spec.hashBits());
    out.writeInt(spec.wordGrams());
    out.writeInt(spec.characterGrams());
    out.writeDouble(spec.cost());
    out.writeDouble(spec.unsafeWeight());
    out.writeDouble(spec.threshold());
    out.writeInt(spec.chunkWords());
    head.write(out);
  }

  static LinearScorer read(ScorerFile.Reading reading) {
    ByteBuffer in = reading.bytes();
    ScorerSpec spec =
        new ScorerSpec(
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getDouble(),
            in.getDouble(),
            in.getDouble(),
            in.getInt());
    return new LinearScorer(spec, Head.read(in, HashedGrams.dimensions(spec)), reading.digest());
  }

  /** Holds nothing outside Java's heap. */
  @Override
  public void close() {}
}
