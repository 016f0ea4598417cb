package org.onset.corpus.score;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.LongStream;
import org.onset.BadInput;
import org.onset.corpus.score.EmbeddingSpec.Pooling;
import org.onset.token.SentenceTokenizer;

/**
 * A sentence-embedding model, run by ONNX Runtime: from a text to the vectors of its chunks, each
 * of length 1. Safe to share between threads until it is closed.
 *
 * <p>Chunks go through the model one by one, never padded and never several at a time. Models with
 * eight-bit weights scale the activations of a whole batch together, so in a batch a text's vector
 * depends on the texts beside it (the built-in model: a cosine of 0.992 to the vector of the text
 * alone), and batches of 32 short texts took twice as long as the texts one by one. A run uses one
 * thread, so that no sum depends on how many there are: let several run at once instead.
 */
final class EmbeddingModel implements AutoCloseable {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";

  /**
   * Longer texts are tokenized in pieces, cut at white space, since the library needs much room.
   */
  private static final int PIECE_CHARACTERS = 20_000;

  private final String name;
  private final String modelDigest;
  private final String tokenizerDigest;
  private final OrtSession session;
  private final SentenceTokenizer tokenizer;
  private final int maxTokens;
  private final Pooling pooling;
  private final String output;
  private final int dimensions;

  /** Closing waits for those who embed: the native library dies of being freed under them. */
  private final ReadWriteLock use = new ReentrantReadWriteLock();

  private boolean closed;

  private EmbeddingModel(
      ModelFiles files,
      OrtSession session,
      SentenceTokenizer tokenizer,
      int maxTokens,
      Pooling pooling) {
    this.name = files.model().name();
    this.modelDigest = ModelFiles.digest(files.model());
    this.tokenizerDigest = ModelFiles.digest(files.tokenizer());
    this.session = session;
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
    this.pooling = pooling;
    this.output = checkedOutput();
    this.dimensions = tryLongest();
  }

  /**
   * Reads a model and tries it on a chunk of the greatest length.
   *
   * @throws BadInput where a file can't be used
   */
  static EmbeddingModel open(ModelFiles files, int maxTokens, Pooling pooling) {
    SentenceTokenizer tokenizer =
        files
            .tokenizer()
            .read(
                bytes -> {
                  byte[] json = new byte[bytes.remaining()];
                  bytes.get(json);
                  return SentenceTokenizer.of(json, files.tokenizer().name());
                });
    try {
      OrtSession session = files.model().read(bytes -> session(bytes, files.model().name()));
      try {
        return new EmbeddingModel(files, session, tokenizer, maxTokens, pooling);
      } catch (RuntimeException e) {
        close(session);
        throw e;
      }
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static OrtEnvironment environment() {
    return Environment.ONE;
  }

  /**
   * Loaded with the native library, when a model is first opened. What it would log of an error is
   * in its exception too.
   */
  private static final class Environment {
    private static final OrtEnvironment ONE =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "onset");

    static {
      try {
        ONE.setTelemetry(false);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The version of what runs the model: another may round otherwise. */
  static String runtime() {
    return "onnxruntime " + environment().getVersion();
  }

  private static OrtSession session(ByteBuffer model, String name) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setDeterministicCompute(true);
      return environment().createSession(model, options);
    } catch (OrtException e) {
      throw new BadInput("%s: ONNX Runtime can't read it: %s".formatted(name, e.getMessage()));
    }
  }

  private String checkedOutput() {
    try {
      Map<String, NodeInfo> inputs = new TreeMap<>(session.getInputInfo());
      boolean known =
          inputs.containsKey(IDS) && List.of(IDS, MASK, TYPES).containsAll(inputs.keySet());
      boolean whole =
          inputs.values().stream()
              .allMatch(
                  node ->
                      node.getInfo() instanceof TensorInfo tensor
                          && tensor.type == OnnxJavaType.INT64
                          && tensor.getShape().length == 2);
      if (!known || !whole) {
        throw new BadInput(
            "%s: takes %s; a sentence-embedding model takes %s, and may take %s and %s, all int64 of shape [batch, time]"
                .formatted(name, described(inputs), IDS, MASK, TYPES));
      }
      Map<String, NodeInfo> outputs = new LinkedHashMap<>(session.getOutputInfo());
      return outputs.entrySet().stream()
          .filter(
              entry ->
                  entry.getValue().getInfo() instanceof TensorInfo tensor
                      && tensor.type == OnnxJavaType.FLOAT
                      && tensor.getShape().length == 3)
          .map(Map.Entry::getKey)
          .findFirst()
          .orElseThrow(
              () ->
                  new BadInput(
                      "%s: gives %s; needed is a vector of float32 for each token, of shape [batch, time, dimensions]"
                          .formatted(name, described(outputs))));
    } catch (OrtException e) {
      throw new BadInput("%s: %s".formatted(name, e.getMessage()));
    }
  }

  private static String described(Map<String, NodeInfo> nodes) {
    List<String> parts = new ArrayList<>();
    nodes.forEach(
        (node, info) ->
            parts.add(
                info.getInfo() instanceof TensorInfo tensor
                    ? "%s (%s %s)".formatted(node, tensor.type, Arrays.toString(tensor.getShape()))
                    : node + " (no tensor)"));
    return parts.isEmpty() ? "nothing" : String.join(", ", parts);
  }

  private int tryLongest() {
    if (room() < 1) {
      throw new BadInput(
          "%s: maxTokens: %d leave no room for text beside the %d that go around it"
              .formatted(name, maxTokens, tokenizer.around()));
    }
    long[] letter = tokenizer.encode("a");
    long[] longest = new long[room()];
    Arrays.setAll(longest, i -> letter[i % letter.length]);
    return embed(longest, 0, longest.length).length();
  }

  /** How many tokens of a text fit into a chunk. */
  private int room() {
    return maxTokens - tokenizer.around();
  }

  int dimensions() {
    return dimensions;
  }

  String modelDigest() {
    return modelDigest;
  }

  String tokenizerDigest() {
    return tokenizerDigest;
  }

  /** The vectors of a text's chunks, all about equally long; one for an empty text. */
  List<Vector> embed(String text) {
    use.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(name + " is closed");
      }
      return embedOpen(text);
    } finally {
      use.readLock().unlock();
    }
  }

  private List<Vector> embedOpen(String text) {
    long[] tokens = tokens(text);
    int count = Math.max(1, Math.ceilDiv(tokens.length, room()));
    List<Vector> chunks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) tokens.length * i / count);
      int to = (int) ((long) tokens.length * (i + 1) / count);
      chunks.add(embed(tokens, from, to));
    }
    return chunks;
  }

  private long[] tokens(String text) {
    if (text.length() <= PIECE_CHARACTERS) {
      return tokenizer.encode(text);
    }
    LongStream.Builder tokens = LongStream.builder();
    int start = 0;
    while (start < text.length()) {
      int end = endOfPiece(text, start);
      LongStream.of(tokenizer.encode(text.substring(start, end))).forEach(tokens);
      start = end;
    }
    return tokens.build().toArray();
  }

  private static int endOfPiece(String text, int start) {
    int most = start + PIECE_CHARACTERS;
    if (most >= text.length()) {
      return text.length();
    }
    for (int end = most; end > start; end--) {
      if (Character.isWhitespace(text.charAt(end))) {
        return end;
      }
    }
    return Character.isLowSurrogate(text.charAt(most)) ? most - 1 : most;
  }

  private Vector embed(long[] tokens, int from, int to) {
    long[] ids = tokenizer.surrounded(tokens, from, to);
    if (ids.length == 0) {
      return Vector.dense(new double[dimensions]);
    }
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    try (OnnxTensor idTensor = tensor(ids);
        OnnxTensor maskTensor = tensor(ones);
        OnnxTensor typeTensor = tensor(new long[ids.length])) {
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      inputs.put(IDS, idTensor);
      inputs.put(MASK, maskTensor);
      inputs.put(TYPES, typeTensor);
      inputs.keySet().retainAll(session.getInputNames());
      try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
        return pooled((OnnxTensor) result.get(0), ids.length);
      }
    } catch (OrtException e) {
      throw new BadInput(
          "%s: fails on %d tokens: %s; does the tokenizer belong to it, and can it take maxTokens (%d)?"
              .formatted(name, ids.length, e.getMessage(), maxTokens));
    }
  }

  private static OnnxTensor tensor(long[] values) throws OrtException {
    return OnnxTensor.createTensor(
        environment(), LongBuffer.wrap(values), new long[] {1, values.length});
  }

  /** One vector of length 1 from those of all tokens ([1, time, dimensions]). */
  private Vector pooled(OnnxTensor tokens, int time) {
    FloatBuffer values = tokens.getFloatBuffer();
    int width = values.remaining() / time;
    double[] sum = new double[width];
    int counted =
        switch (pooling) {
          case MEAN -> time;
          case CLS -> 1;
        };
    for (int token = 0; token < counted; token++) {
      for (int i = 0; i < width; i++) {
        sum[i] += values.get(token * width + i);
      }
    }
    normalise(sum);
    if (!Double.isFinite(sum[0])) {
      throw new BadInput(name + ": gives vectors that are no numbers");
    }
    return Vector.dense(sum);
  }

  /** Scales a vector to length 1; the zero vector stays. */
  static void normalise(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < vector.length && norm != 0; i++) {
      vector[i] /= norm;
    }
  }

  private static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    use.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        close(session);
        tokenizer.close();
      }
    } finally {
      use.writeLock().unlock();
    }
  }
}
