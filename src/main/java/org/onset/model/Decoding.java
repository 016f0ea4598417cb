package org.onset.model;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.onset.tensor.Attention;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

/**
 * Continues rows of tokens over a cache of keys and values; not for use by two threads at once.
 *
 * <p>A row of {@code length} tokens fills the first {@code length} slots of its part of the cache,
 * and token t has position t whatever the rows beside it; what lies in later slots is never looked
 * at. Candidates looked ahead at lie in the slots after the row's end, each seen by itself only.
 */
public final class Decoding implements AutoCloseable {
  private final Transformer model;
  private final ModelSpec spec;
  private final int maxRows;
  private final int maxLength;

  /** Slots per row: {@code maxLength}, and as many more as there were ever candidates. */
  private int slots;

  private final Tensor[] keys; // per layer [maxRows · kvHeadCount, slots, headDim]
  private final Tensor[] values;

  private int[] lengths = new int[0];

  /** How many candidates each row was last looked ahead at; 0 once the rows have changed. */
  private int candidates;

  /** Which prompt a row began with: rows of one origin hold the same first tokens. */
  private int[] origins = new int[0];

  private int[] promptLengths = new int[0];

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
    this.slots = maxLength;
    this.keys = emptyCache(slots);
    this.values = emptyCache(slots);
  }

  private Tensor[] emptyCache(int slots) {
    long heads = (long) maxRows * spec.kvHeadCount();
    return IntStream.range(0, spec.layerCount())
        .mapToObj(_ -> Tensor.zeros(heads, slots, spec.headDim()).owned())
        .toArray(Tensor[]::new);
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
    int time = 0;
    for (int[] prompt : prompts) {
      requireLength(prompt.length);
      time = Math.max(time, prompt.length);
    }
    lengths = new int[prompts.length];
    int[] ids = new int[prompts.length * time];
    int[] last = new int[prompts.length];
    for (int row = 0; row < prompts.length; row++) {
      System.arraycopy(prompts[row], 0, ids, row * time, prompts[row].length);
      last[row] = row * time + prompts[row].length - 1;
    }
    try (Scope _ = new Scope()) {
      Tensor residual = forward(ids, time, Sight.CAUSAL); // [row · time, modelDim]
      lengths = Arrays.stream(prompts).mapToInt(prompt -> prompt.length).toArray();
      promptLengths = lengths.clone();
      origins = IntStream.range(0, prompts.length).toArray();
      candidates = 0;
      return Transformer.rows(
          model.logitsOf(residual.indexSelect(0, Transformer.ids(last, last.length))));
    }
  }

  /** Appends one token to each row; returns the logits after it, [row][vocab]. */
  public float[][] step(int[] tokens) {
    requireOnePerRow(tokens.length);
    for (int length : lengths) {
      requireLength(length + 1);
    }
    try (Scope _ = new Scope()) {
      Tensor residual = forward(tokens, 1, Sight.OWN_ROW);
      lengths = Arrays.stream(lengths).map(length -> length + 1).toArray();
      candidates = 0;
      return Transformer.rows(model.logitsOf(residual));
    }
  }

  /**
   * The logits after each candidate next token of each row, [row][candidate][vocab]; the rows stay
   * as they are. Every row has equally many candidates.
   */
  public float[][][] lookahead(int[][] candidates) {
    requireOnePerRow(candidates.length);
    int count = candidates[0].length;
    int[] ids = new int[candidates.length * count];
    for (int row = 0; row < candidates.length; row++) {
      if (candidates[row].length != count || count == 0) {
        throw new IllegalArgumentException(
            "every row needs equally many candidates, at least one; row 0 has %d, row %d has %d"
                .formatted(count, row, candidates[row].length));
      }
      requireLength(lengths[row] + 1);
      System.arraycopy(candidates[row], 0, ids, row * count, count);
    }
    growTo(maxLength - 1 + count);
    float[][] flat;
    try (Scope _ = new Scope()) {
      flat = Transformer.rows(model.logitsOf(forward(ids, count, Sight.OWN_ROW)));
    }
    this.candidates = count;
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
    if (candidates == 0 || sourceRows.length != candidateIndices.length) {
      throw new IllegalArgumentException(
          "%d rows cannot advance by %d indices into %d candidates"
              .formatted(sourceRows.length, candidateIndices.length, candidates));
    }
    int[] chosen = new int[sourceRows.length];
    for (int i = 0; i < chosen.length; i++) {
      Objects.checkIndex(candidateIndices[i], candidates);
      chosen[i] = lengths[Objects.checkIndex(sourceRows[i], rows())] + candidateIndices[i];
    }
    try (Scope _ = new Scope()) {
      Tensor from = slotIds(sourceRows, chosen, 1);
      Tensor[] newKeys = new Tensor[keys.length];
      Tensor[] newValues = new Tensor[keys.length];
      for (int layer = 0; layer < keys.length; layer++) {
        newKeys[layer] = bySlot(keys[layer]).indexSelect(0, from);
        newValues[layer] = bySlot(values[layer]).indexSelect(0, from);
      }
      reorder(sourceRows);
      Tensor to = slotIds(allRows(), lengths, 1);
      for (int layer = 0; layer < keys.length; layer++) {
        bySlot(keys[layer]).indexCopyInPlace(0, to, newKeys[layer]);
        bySlot(values[layer]).indexCopyInPlace(0, to, newValues[layer]);
      }
      lengths = Arrays.stream(lengths).map(length -> length + 1).toArray();
    }
  }

  /**
   * From now on row i continues what row {@code sourceRows[i]} was; the number of rows may change.
   * Only rows that get another's content are copied, and not the prompt that both began with.
   */
  public void reorder(int[] sourceRows) {
    requireRows(sourceRows.length);
    int from = maxLength;
    int until = 0;
    int[] changed =
        IntStream.range(0, sourceRows.length)
            .filter(row -> Objects.checkIndex(sourceRows[row], rows()) != row)
            .toArray();
    int[] sources = Arrays.stream(changed).map(row -> sourceRows[row]).toArray();
    for (int i = 0; i < changed.length; i++) {
      int origin = origins[sources[i]];
      boolean sameOrigin = changed[i] < rows() && origins[changed[i]] == origin;
      from = Math.min(from, sameOrigin ? promptLengths[origin] : 0);
      until = Math.max(until, lengths[sources[i]]);
    }
    if (from < until) {
      try (Scope _ = new Scope()) {
        Tensor to = headIds(changed);
        Tensor source = headIds(sources);
        for (int layer = 0; layer < keys.length; layer++) {
          for (Tensor cache : new Tensor[] {keys[layer], values[layer]}) {
            Tensor span = cache.narrow(1, from, until - from);
            span.indexCopyInPlace(0, to, span.indexSelect(0, source));
          }
        }
      }
    }
    int[] oldLengths = lengths;
    int[] oldOrigins = origins;
    lengths = Arrays.stream(sourceRows).map(row -> oldLengths[row]).toArray();
    origins = Arrays.stream(sourceRows).map(row -> oldOrigins[row]).toArray();
    candidates = 0;
  }

  /** What a new token sees besides itself. */
  private enum Sight {
    /** The new tokens before it: they follow each other from the row's start. */
    CAUSAL,
    /** What the row held before, and no other new token: all stand at the same position. */
    OWN_ROW
  }

  /**
   * Computes {@code count} new tokens per row and writes their keys and values to the slots from
   * the row's end on: [row · count, modelDim].
   */
  private Tensor forward(int[] tokens, int count, Sight sight) {
    int rows = rows();
    int[] newSlots = new int[rows * count];
    int[] positions = new int[rows * count];
    for (int i = 0; i < newSlots.length; i++) {
      newSlots[i] = lengths[i / count] + i % count;
      positions[i] = sight == Sight.CAUSAL ? newSlots[i] : lengths[i / count];
    }
    int span = Arrays.stream(newSlots).max().orElseThrow() + 1;
    Tensor to = slotIds(allRows(), newSlots, count);
    Tensor positionIds = Transformer.ids(positions, positions.length);
    Block.Positions where =
        new Block.Positions(
            rows,
            count,
            model.rotation().cosAt(positionIds).reshape(rows, count, 1, spec.headDim()),
            model.rotation().signedSinAt(positionIds).reshape(rows, count, 1, spec.headDim()));
    Tensor mask = sight == Sight.CAUSAL ? null : mask(newSlots, count, span);
    Tensor residual = model.leaves().embedding.lookUp(model.tokenIds(tokens));
    for (int layer = 0; layer < keys.length; layer++) {
      Block block = model.leaves().blocks.get(layer);
      Tensor keysHere = keys[layer];
      Tensor valuesHere = values[layer];
      residual =
          block.apply(
              residual,
              where,
              made -> {
                bySlot(keysHere).indexCopyInPlace(0, to, made.key.reshape(-1, spec.headDim()));
                bySlot(valuesHere).indexCopyInPlace(0, to, made.value.reshape(-1, spec.headDim()));
                return mask == null
                    ? block.rows(block.causal(made))
                    : attention(made.query, spanOf(keysHere, span), spanOf(valuesHere, span), mask);
              });
    }
    return residual;
  }

  /**
   * Attention over the cache [row, kvHead, slot, headDim]. The query heads that share a key head
   * are laid out as further queries, so that no key is repeated in memory.
   */
  private Tensor attention(Tensor query, Tensor key, Tensor value, Tensor mask) {
    long rows = query.size(0);
    long count = query.size(1);
    long group = spec.headCount() / spec.kvHeadCount();
    Tensor grouped =
        query
            .reshape(rows, count, spec.kvHeadCount(), group, spec.headDim())
            .transpose(1, 2)
            .reshape(rows, spec.kvHeadCount(), count * group, spec.headDim());
    return Attention.masked(grouped, key, value, mask)
        .reshape(rows, spec.kvHeadCount(), count, group, spec.headDim())
        .transpose(1, 2)
        .reshape(rows * count, (long) spec.headCount() * spec.headDim());
  }

  /** 0 where a new token may look, else minus infinity: [row, 1, count · group, span]. */
  private Tensor mask(int[] newSlots, int count, int span) {
    int group = spec.headCount() / spec.kvHeadCount();
    float[] mask = new float[newSlots.length * group * span];
    Arrays.fill(mask, Float.NEGATIVE_INFINITY);
    for (int query = 0; query < newSlots.length * group; query++) {
      int token = query / group;
      int start = query * span;
      Arrays.fill(mask, start, start + lengths[token / count], 0f);
      mask[start + newSlots[token]] = 0f;
    }
    return Tensor.of(mask, rows(), 1, (long) count * group, span);
  }

  /** The cache as one list of slots: [maxRows · kvHeadCount · slots, headDim]. */
  private Tensor bySlot(Tensor cache) {
    return cache.reshape((long) maxRows * spec.kvHeadCount() * slots, spec.headDim());
  }

  /** The first {@code span} slots of all rows in use: [row, kvHead, span, headDim]. */
  private Tensor spanOf(Tensor cache, int span) {
    return cache
        .reshape(maxRows, spec.kvHeadCount(), slots, spec.headDim())
        .narrow(0, 0, rows())
        .narrow(2, 0, span);
  }

  /**
   * Where in {@link #bySlot} the slots of these rows lie, {@code count} of each: [row, count,
   * kvHead].
   */
  private Tensor slotIds(int[] rows, int[] slotsOfRows, int count) {
    int heads = spec.kvHeadCount();
    long[] ids = new long[slotsOfRows.length * heads];
    for (int i = 0; i < ids.length; i++) {
      int slot = i / heads;
      ids[i] = ((long) rows[slot / count] * heads + i % heads) * slots + slotsOfRows[slot];
    }
    return Tensor.ofIds(ids, ids.length);
  }

  /** Where the heads of these rows lie: [row, kvHead]. */
  private Tensor headIds(int[] rows) {
    int heads = spec.kvHeadCount();
    long[] ids = new long[rows.length * heads];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (long) rows[i / heads] * heads + i % heads;
    }
    return Tensor.ofIds(ids, ids.length);
  }

  private int[] allRows() {
    return IntStream.range(0, rows()).toArray();
  }

  private void growTo(int wanted) {
    if (wanted <= slots) {
      return;
    }
    Tensor[] largerKeys = emptyCache(wanted);
    Tensor[] largerValues = emptyCache(wanted);
    try (Scope _ = new Scope()) {
      for (int layer = 0; layer < keys.length; layer++) {
        largerKeys[layer].narrow(1, 0, slots).copyFrom(keys[layer]);
        largerValues[layer].narrow(1, 0, slots).copyFrom(values[layer]);
      }
    }
    close();
    System.arraycopy(largerKeys, 0, keys, 0, keys.length);
    System.arraycopy(largerValues, 0, values, 0, values.length);
    slots = wanted;
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
    for (int layer = 0; layer < keys.length; layer++) {
      keys[layer].close();
      values[layer].close();
    }
  }
}
