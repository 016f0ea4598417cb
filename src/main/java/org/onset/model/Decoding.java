package org.onset.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.onset.tensor.Awake;
import org.onset.tensor.CachedAttention;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

/**
 * Continues rows of tokens over a cache of keys and values; not for use by two threads at once.
 *
 * <p>The cache is a pool of slots, a token in each, and a row is the list of its tokens' slots
 * ({@link CachePool}). So rows of unequal length need no padding, and rows that begin alike share
 * what they have in common: to branch, continue or drop one copies no keys.
 */
public final class Decoding implements AutoCloseable {
  /** Prompts go through the model together up to so many tokens. */
  private static final int TOKENS_AT_ONCE = 4096;

  private final Transformer model;
  private final ModelSpec spec;
  private final int maxRows;
  private final int maxLength;
  private final CachePool pool;
  private final Awake awake;

  private int[] lengths = new int[0];

  /** The slots of each row's tokens, in their order; those after its length mean nothing. */
  private int[][] slots = new int[0][];

  /** [row][candidate]: the slots of what was last looked ahead at; none once the rows changed. */
  private int[][] candidates = new int[0][];

  Decoding(Transformer model, int maxRows, int maxLength) {
    this.model = model;
    this.spec = model.spec();
    if (maxRows < 1 || maxLength < 1 || maxLength > spec.maxContextLength()) {
      throw new IllegalArgumentException(
          "%d rows of up to %d tokens don't fit a model of up to %d"
              .formatted(maxRows, maxLength, spec.maxContextLength()));
    }
    this.maxRows = maxRows;
    this.maxLength = maxLength;
    this.pool = new CachePool(spec, model.computedIn(), Math.multiplyExact(maxRows, maxLength));
    this.awake = new Awake();
  }

  /** How many rows are being continued. */
  public int rows() {
    return lengths.length;
  }

  /** How many tokens of {@code row} the cache holds. */
  public int length(int row) {
    return lengths[row];
  }

  /**
   * Starts anew with these prompts, of any lengths above 0; returns the logits after each one's
   * last token, [row][vocab].
   */
  public float[][] prefill(int[][] prompts) {
    requireRows(prompts.length);
    for (int[] prompt : prompts) {
      requireLength(prompt.length);
    }
    candidates = new int[0][];
    lengths = Arrays.stream(prompts).mapToInt(prompt -> prompt.length).toArray();
    slots = new int[prompts.length][maxLength];
    pool.clear();
    for (int row = 0; row < prompts.length; row++) {
      for (int t = 0; t < prompts[row].length; t++) {
        slots[row][t] = pool.take(row * maxLength + t, this::inUse);
      }
    }
    float[][] logits = new float[prompts.length][];
    for (int from = 0; from < prompts.length; ) {
      int until = Transformer.endOfBatch(prompts, from, TOKENS_AT_ONCE);
      float[][] some = prefill(prompts, from, until);
      System.arraycopy(some, 0, logits, from, some.length);
      from = until;
    }
    return logits;
  }

  private float[][] prefill(int[][] prompts, int from, int until) {
    int[][] batch = Arrays.copyOfRange(prompts, from, until);
    int[][] targets = Arrays.copyOfRange(slots, from, until);
    int[] counts = Arrays.copyOfRange(lengths, from, until);
    int time = Arrays.stream(counts).max().orElseThrow();
    int[] last = new int[batch.length];
    for (int row = 0; row < batch.length; row++) {
      last[row] = row * time + counts[row] - 1;
    }
    try (Pass pass = model.forwardPass(batch.length, time);
        Scope _ = new Scope()) {
      model.embed(pass, model.inputs(batch, time));
      for (int number = 0; number < spec.layerCount(); number++) {
        int layer = number;
        Block block = model.leaves().blocks.get(layer);
        block.forward(
            pass,
            pass.layers.get(layer),
            model.streamAfter(pass, layer),
            (_, made) -> {
              block.attendCausally(pass, made);
              CachedAttention.store(made.key, targets, counts, pool.keys(layer));
              CachedAttention.store(made.value, targets, counts, pool.values(layer));
            });
      }
      return Transformer.rows(model.logits(pass, last));
    }
  }

  /** Appends one token to each row; returns the logits after it, [row][vocab]. */
  public float[][] step(int[] tokens) {
    requireOnePerRow(tokens.length);
    for (int length : lengths) {
      requireLength(length + 1);
    }
    candidates = new int[0][];
    for (int row = 0; row < rows(); row++) {
      slots[row][lengths[row]] = pool.take(slotAfter(row), this::inUse);
      lengths[row]++;
    }
    int[] positions = Arrays.stream(lengths).map(length -> length - 1).toArray();
    int[][] written = new int[rows()][];
    for (int row = 0; row < rows(); row++) {
      written[row] = new int[] {slots[row][positions[row]]};
    }
    return forward(tokens, positions, written, slots, lengths);
  }

  /**
   * The logits after each candidate next token of each row, [row][candidate][vocab]; the rows stay
   * as they are. Every row has equally many candidates.
   */
  public float[][][] lookahead(int[][] next) {
    requireOnePerRow(next.length);
    int count = next[0].length;
    for (int row = 0; row < next.length; row++) {
      if (next[row].length != count || count == 0) {
        throw new IllegalArgumentException(
            "every row needs equally many candidates, at least one; row 0 has %d, row %d has %d"
                .formatted(count, row, next[row].length));
      }
      requireLength(lengths[row] + 1);
    }
    candidates = new int[0][]; // those of an earlier look may be overwritten
    int[][] found = new int[rows()][count];
    List<int[]> seen = new ArrayList<>();
    int[][] written = new int[rows() * count][];
    int[] positions = new int[written.length];
    int[] counts = new int[written.length];
    candidates = found;
    Arrays.stream(found).forEach(ofRow -> Arrays.fill(ofRow, -1));
    for (int i = 0; i < written.length; i++) {
      int row = i / count;
      int slot = pool.take(slotAfter(row), this::inUse);
      found[row][i % count] = slot;
      written[i] = new int[] {slot};
      positions[i] = lengths[row];
      counts[i] = lengths[row] + 1;
      int[] own = Arrays.copyOf(slots[row], counts[i]);
      own[lengths[row]] = slot;
      seen.add(own);
    }
    int[] tokens = Arrays.stream(next).flatMapToInt(Arrays::stream).toArray();
    float[][] flat = forward(tokens, positions, written, seen.toArray(int[][]::new), counts);
    float[][][] logits = new float[rows()][][];
    for (int row = 0; row < logits.length; row++) {
      logits[row] = Arrays.copyOfRange(flat, row * count, (row + 1) * count);
    }
    return logits;
  }

  /**
   * After {@link #lookahead}: row i becomes what row {@code sourceRows[i]} was, continued by its
   * candidate number {@code candidateIndices[i]}. Nothing is computed again.
   */
  public void advance(int[] sourceRows, int[] candidateIndices) {
    if (candidates.length == 0 || sourceRows.length != candidateIndices.length) {
      throw new IllegalArgumentException(
          "%d rows cannot advance by %d indices into candidates of %d rows"
              .formatted(sourceRows.length, candidateIndices.length, candidates.length));
    }
    int[] chosen = new int[sourceRows.length];
    for (int i = 0; i < chosen.length; i++) {
      int[] ofRow = candidates[Objects.checkIndex(sourceRows[i], rows())];
      chosen[i] = ofRow[Objects.checkIndex(candidateIndices[i], ofRow.length)];
    }
    reorder(sourceRows);
    for (int i = 0; i < chosen.length; i++) {
      slots[i][lengths[i]] = chosen[i];
      lengths[i]++;
    }
  }

  /**
   * From now on row i continues what row {@code sourceRows[i]} was; the number of rows may change.
   */
  public void reorder(int[] sourceRows) {
    requireRows(sourceRows.length);
    for (int source : sourceRows) {
      Objects.checkIndex(source, rows());
    }
    int[] oldLengths = lengths;
    int[][] oldSlots = slots;
    lengths = Arrays.stream(sourceRows).map(row -> oldLengths[row]).toArray();
    slots = Arrays.stream(sourceRows).mapToObj(row -> oldSlots[row].clone()).toArray(int[][]::new);
    candidates = new int[0][];
  }

  /**
   * Computes one new token in each row of a pass: at {@code positions}, its key and value to the
   * slot {@code written[i][0]}, seeing the first {@code counts[i]} of {@code seen[i]}. Returns the
   * logits after it.
   */
  private float[][] forward(
      int[] tokens, int[] positions, int[][] written, int[][] seen, int[] counts) {
    int[] ones = IntStream.generate(() -> 1).limit(tokens.length).toArray();
    try (Pass pass = model.stepPass(positions);
        Scope _ = new Scope()) {
      model.embed(pass, model.checked(tokens));
      for (int number = 0; number < spec.layerCount(); number++) {
        int layer = number;
        Block block = model.leaves().blocks.get(layer);
        Tensor keys = pool.keys(layer);
        Tensor values = pool.values(layer);
        block.forward(
            pass,
            pass.layers.get(layer),
            model.streamAfter(pass, layer),
            (_, made) -> {
              block.split(pass, made);
              CachedAttention.store(made.key, written, ones, keys);
              CachedAttention.store(made.value, written, ones, values);
              CachedAttention.forward(made.query, keys, values, seen, counts, made.attended);
            });
      }
      return Transformer.rows(model.logits(pass, IntStream.range(0, tokens.length).toArray()));
    }
  }

  /** A row is read fastest from slots that follow each other. */
  private int slotAfter(int row) {
    return slots[row][lengths[row] - 1] + 1;
  }

  /** The slots that hold something: of rows, and of candidates. */
  private IntStream inUse() {
    IntStream ofRows =
        IntStream.range(0, rows()).flatMap(row -> Arrays.stream(slots[row], 0, lengths[row]));
    return IntStream.concat(ofRows, Arrays.stream(candidates).flatMapToInt(Arrays::stream));
  }

  private void requireRows(int rows) {
    if (rows < 1 || rows > maxRows) {
      throw new IllegalArgumentException(
          "%d rows, but the cache was made for 1 to %d".formatted(rows, maxRows));
    }
  }

  private void requireOnePerRow(int given) {
    if (given != rows() || given == 0) {
      throw new IllegalArgumentException("%d given for %d rows".formatted(given, rows()));
    }
  }

  private void requireLength(int length) {
    if (length < 1 || length > maxLength) {
      throw new IllegalArgumentException(
          "a row of %d tokens, but the cache was made for 1 to %d".formatted(length, maxLength));
    }
  }

  @Override
  public void close() {
    awake.close();
    pool.close();
  }
}
