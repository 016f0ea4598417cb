package org.onset.corpus.score;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.onset.BadInput;
import org.onset.corpus.Document;
import org.onset.corpus.score.EmbeddingSpec.Pooling;

/**
 * Scores texts by what a sentence-embedding model makes of them; {@link Head} says how, as it
 * learned from labelled texts. A long text is as unsafe as its worst chunk. The model's vectors are
 * the same for any number of threads; between processors with other instructions for eight-bit
 * products their last digits may differ.
 *
 * <p>Written, it holds the model's files too, so that one file is all that a worker needs; of the
 * built-in model it holds the digests only.
 */
public final class EmbeddingScorer implements TrainedScorer {
  private final EmbeddingSpec spec;
  private final ModelFiles files;
  private final EmbeddingModel model;
  private final Head head;
  private final String fingerprint;

  private EmbeddingScorer(EmbeddingSpec spec, ModelFiles files, EmbeddingModel model, Head head) {
    this.spec = spec;
    this.files = files;
    this.model = model;
    this.head = head;
    this.fingerprint = digest();
  }

  /**
   * Learns from documents that all have a score; at least two scores must occur. A text of several
   * chunks is learned from as the mean of their vectors. Uses all cores.
   *
   * @throws BadInput where the model's files can't be used
   */
  public static EmbeddingScorer train(List<Document> labelled, EmbeddingSpec spec) {
    Head.requireLevels(labelled);
    ModelFiles files = ModelFiles.of(spec);
    EmbeddingModel model = EmbeddingModel.open(files, spec.maxTokens(), spec.pooling());
    try {
      List<Vector> vectors =
          labelled.parallelStream().map(document -> mean(model.embed(document.text()))).toList();
      Head head =
          Head.train(labelled, vectors, model.dimensions(), spec.cost(), spec.unsafeWeight());
      return new EmbeddingScorer(spec, files, model, head);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static Vector mean(List<Vector> chunks) {
    if (chunks.size() == 1) {
      return chunks.getFirst();
    }
    double[] sum = new double[chunks.getFirst().length()];
    for (Vector chunk : chunks) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += chunk.values()[i];
      }
    }
    EmbeddingModel.normalise(sum);
    return Vector.dense(sum);
  }

  private String digest() {
    try {
      return ScorerFile.write(
          OutputStream.nullOutputStream(),
          ScorerFile.Kind.EMBEDDING,
          out -> {
            writeSettings(out);
            ScorerFile.write(out, EmbeddingModel.runtime());
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "embedding";
  }

  @Override
  public Score score(String text) {
    List<Vector> chunks = model.embed(text);
    return head.score(chunks.size(), chunks::get, spec.threshold());
  }

  @Override
  public double probability(String text, int level) {
    List<Vector> chunks = model.embed(text);
    return head.probability(chunks.size(), chunks::get, level);
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public void write(Path file) throws IOException {
    ScorerFile.write(
        file,
        ScorerFile.Kind.EMBEDDING,
        out -> {
          writeSettings(out);
          if (files.isBuiltIn()) {
            out.writeInt(0);
            out.writeInt(0);
          } else {
            write(out, files.model(), model.modelDigest());
            write(out, files.tokenizer(), model.tokenizerDigest());
          }
        });
  }

  private void writeSettings(DataOutputStream out) throws IOException {
    out.writeInt(spec.maxTokens());
    ScorerFile.write(out, spec.pooling().toString());
    out.writeDouble(spec.cost());
    out.writeDouble(spec.unsafeWeight());
    out.writeDouble(spec.threshold());
    ScorerFile.write(out, model.modelDigest());
    ScorerFile.write(out, model.tokenizerDigest());
    out.writeInt(model.dimensions());
    head.write(out);
  }

  private static void write(DataOutputStream out, Bytes bytes, String digest) {
    bytes.read(
        content -> {
          if (!ModelFiles.digest(content).equals(digest)) {
            throw new BadInput(
                bytes.name() + ": has changed since the scorer was trained; train it again");
          }
          try {
            out.writeInt(content.remaining());
            WritableByteChannel channel = Channels.newChannel(out);
            while (content.hasRemaining()) {
              channel.write(content);
            }
            return digest;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  static EmbeddingScorer read(ScorerFile.Reading reading) {
    ByteBuffer in = reading.bytes();
    int maxTokens = in.getInt();
    String poolingName = ScorerFile.readString(in);
    Pooling pooling =
        Arrays.stream(Pooling.values())
            .filter(value -> value.toString().equals(poolingName))
            .findFirst()
            .orElseThrow();
    EmbeddingSpec spec =
        new EmbeddingSpec(
            null, null, maxTokens, pooling, in.getDouble(), in.getDouble(), in.getDouble());
    String modelDigest = ScorerFile.readString(in);
    String tokenizerDigest = ScorerFile.readString(in);
    Head head = Head.read(in, in.getInt());
    Bytes.InFile modelBytes = stretch(reading);
    Bytes.InFile tokenizerBytes = stretch(reading);
    ModelFiles files =
        modelBytes.length() == 0 ? ModelFiles.BUILT_IN : new ModelFiles(modelBytes, tokenizerBytes);
    EmbeddingModel model = EmbeddingModel.open(files, maxTokens, pooling);
    if (!model.modelDigest().equals(modelDigest)
        || !model.tokenizerDigest().equals(tokenizerDigest)) {
      model.close();
      throw new BadInput(
          "%s: was trained with another version of the built-in model; train the scorer again"
              .formatted(reading.file()));
    }
    return new EmbeddingScorer(spec, files, model, head);
  }

  private static Bytes.InFile stretch(ScorerFile.Reading reading) {
    int length = reading.bytes().getInt();
    int offset = reading.bytes().position();
    reading.bytes().position(offset + length);
    return new Bytes.InFile(reading.file(), offset, length);
  }

  @Override
  public void close() {
    model.close();
  }
}
