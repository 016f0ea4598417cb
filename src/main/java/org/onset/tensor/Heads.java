package org.onset.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the common product for queries, keys and values, [batch · time, (headCount +
 * 2 · kvHeadCount) · headDim], and attention, which wants each head's rows together: [batch, head,
 * time, headDim]. On the way a bias is added, queries and keys are normed, and their positions turn
 * them (rotary embedding, Su et al., 2021).
 */
public final class Heads {
  /**
   * What only some families have, or its gradients; null where it isn't there.
   *
   * @param bias [(headCount + 2 · kvHeadCount) · headDim], float32 as all of these
   * @param queryGain [headDim], of the norm of every query
   * @param keyGain [headDim]
   */
  public record Extras(
      @Nullable Tensor bias, @Nullable Tensor queryGain, @Nullable Tensor keyGain) {}

  /**
   * Where rows stand: row r has the position {@code ofRows[r]}, whose angles have their cosines and
   * sines at [position · headDim / 2, …). Entries i and i + headDim / 2 of a head turn together, as
   * Hugging Face orders them.
   */
  @SuppressWarnings("ArrayRecordComponent") // Read once, and never compared.
  public record Positions(int[] ofRows, float[] cosines, float[] sines) {}

  private final int headCount;
  private final int turned; // the heads of queries and keys, which come first in a row
  private final int headDim;
  private final int half;
  private final int width;
  private final double normEpsilon;

  public Heads(int headCount, int kvHeadCount, int headDim, double normEpsilon) {
    this.headCount = headCount;
    this.turned = headCount + kvHeadCount;
    this.headDim = headDim;
    this.half = headDim / 2;
    this.width = (headCount + 2 * kvHeadCount) * headDim;
    this.normEpsilon = normEpsilon;
  }

  /** Writes query [batch, headCount, time, headDim], and key and value likewise. */
  public void split(
      Tensor projected,
      int time,
      Positions positions,
      Extras extras,
      Tensor query,
      Tensor key,
      Tensor value) {
    Rows rows = Rows.of(projected);
    Rows[] targets = {Rows.of(query), Rows.of(key), Rows.of(value)};
    float[] bias = floats(extras.bias);
    float[] queryGain = floats(extras.queryGain);
    float[] keyGain = floats(extras.keyGain);
    SequenceBlocks blocks = new SequenceBlocks(Math.toIntExact(projected.size(0)), time);
    Parallel.run(
        blocks.count(),
        (long) blocks.atOnce() * width,
        (_, from, until) -> {
          float[] block = new float[blocks.atOnce() * width];
          float[] ofHead = new float[blocks.atOnce() * headDim];
          for (int number = from; number < until; number++) {
            int first = blocks.first(number);
            int count = blocks.size(number);
            rows.read((long) first * width, count * width, block, 0);
            addToRows(block, count, bias);
            for (int head = 0; head * headDim < width; head++) {
              int start = head * headDim;
              if (head < turned) {
                norm(block, start, count, head < headCount ? queryGain : keyGain);
                Floats.turn(
                    block, start, width, count, half, positions, first, 1, ofHead, 0, headDim);
              } else {
                copy(block, start, width, count, ofHead, 0, headDim);
              }
              targets[kind(head)].write(place(head, first, time), count * headDim, ofHead, 0);
            }
          }
        });
  }

  private void norm(float[] rows, int start, int count, float[] gain) {
    for (int at = start; gain.length > 0 && at < count * width; at += width) {
      float inverse = RmsNorm.inverseRoot(rows, at, headDim, normEpsilon);
      for (int i = 0; i < headDim; i++) {
        rows[at + i] *= inverse * gain[i];
      }
    }
  }

  private void copy(
      float[] source, int from, int stride, int count, float[] target, int to, int targetStride) {
    for (int r = 0; r < count; r++) {
      System.arraycopy(source, from + r * stride, target, to + r * targetStride, headDim);
    }
  }

  /**
   * The way back: from the gradients of query, key and value to that of {@code projected}, which is
   * what {@link #split} was given. Adds those of the extras to {@code extraGradients}.
   */
  public void merge(
      Tensor projected,
      int time,
      Positions positions,
      Extras extras,
      Extras extraGradients,
      Tensor ofQuery,
      Tensor ofKey,
      Tensor ofValue,
      Tensor ofProjected) {
    Rows[] sources = {Rows.of(ofQuery), Rows.of(ofKey), Rows.of(ofValue)};
    Rows rows = Rows.of(projected);
    Rows target = Rows.of(ofProjected);
    float[] bias = floats(extras.bias);
    float[] queryGain = padded(extras.queryGain);
    float[] keyGain = padded(extras.keyGain);
    SequenceBlocks blocks = new SequenceBlocks(Math.toIntExact(projected.size(0)), time);
    int parts = Parallel.parts(blocks.count(), (long) blocks.atOnce() * width);
    float[][] ofBias = new float[parts][bias.length];
    float[][] ofQueryGain = new float[parts][queryGain.length];
    float[][] ofKeyGain = new float[parts][keyGain.length];
    boolean normed = queryGain.length > 0;
    Parallel.run(
        blocks.count(),
        (long) blocks.atOnce() * width,
        (part, from, until) -> {
          float[] gradients = new float[blocks.atOnce() * width];
          float[] values = new float[normed ? gradients.length : 0];
          float[] ofHead = new float[blocks.atOnce() * headDim];
          NormBackward norm = new NormBackward();
          for (int number = from; number < until; number++) {
            int first = blocks.first(number);
            int count = blocks.size(number);
            if (normed) {
              rows.read((long) first * width, count * width, values, 0);
              addToRows(values, count, bias);
            }
            for (int head = 0; head * headDim < width; head++) {
              int start = head * headDim;
              sources[kind(head)].read(place(head, first, time), count * headDim, ofHead, 0);
              if (head >= turned) {
                copy(ofHead, 0, headDim, count, gradients, start, width);
                continue;
              }
              Floats.turn(
                  ofHead, 0, headDim, count, half, positions, first, -1, gradients, start, width);
              boolean isQuery = head < headCount;
              float[] ofGain = (isQuery ? ofQueryGain : ofKeyGain)[part];
              for (int r = 0; normed && r < count; r++) {
                norm.run(
                    values, gradients, r * width + start, isQuery ? queryGain : keyGain, ofGain);
              }
            }
            for (int r = 0; r < count; r++) {
              for (int i = 0; i < bias.length; i++) {
                ofBias[part][i] += gradients[r * width + i];
              }
            }
            target.write((long) first * width, count * width, gradients, 0);
          }
        });
    addTo(extraGradients.bias, ofBias);
    addTo(extraGradients.queryGain, ofQueryGain);
    addTo(extraGradients.keyGain, ofKeyGain);
  }

  /** From the gradient of a normed head to that of the head. */
  private final class NormBackward {
    private final float[] row = Floats.zeros(headDim);
    private final float[] gradient = Floats.zeros(headDim);
    private final float[] ofRow = Floats.zeros(headDim);

    void run(float[] values, float[] gradients, int at, float[] gain, float[] ofGain) {
      float inverse = RmsNorm.inverseRoot(values, at, headDim, normEpsilon);
      System.arraycopy(values, at, row, 0, headDim);
      System.arraycopy(gradients, at, gradient, 0, headDim);
      Arrays.fill(ofRow, 0, headDim, 0);
      Floats.normBackward(row, gradient, ofRow, 0, gain, ofGain, inverse, headDim);
      System.arraycopy(ofRow, 0, gradients, at, headDim);
    }
  }

  /**
   * From heads, [batch, headCount, time, headDim], to rows, [batch · time, headCount · headDim].
   */
  public void join(Tensor heads, int time, Tensor rows) {
    move(heads, time, rows, true);
  }

  /** From rows to heads: {@link #join} backwards. */
  public void part(Tensor rows, int time, Tensor heads) {
    move(heads, time, rows, false);
  }

  private void move(Tensor heads, int time, Tensor rows, boolean toRows) {
    Rows byHead = Rows.of(heads);
    Rows byRow = Rows.of(rows);
    Parallel.run(
        Math.toIntExact(rows.size(0)),
        (long) headCount * headDim,
        (_, from, until) -> {
          for (int r = from; r < until; r++) {
            for (int head = 0; head < headCount; head++) {
              long inHeads = place(r, head, headCount, time);
              long inRows = ((long) r * headCount + head) * headDim;
              if (toRows) {
                byHead.copy(inHeads, headDim, byRow, inRows);
              } else {
                byRow.copy(inRows, headDim, byHead, inHeads);
              }
            }
          }
        });
  }

  /** 0 for a query, 1 for a key, 2 for a value. */
  private int kind(int head) {
    return head < headCount ? 0 : head < turned ? 1 : 2;
  }

  private long place(int head, int r, int time) {
    return switch (kind(head)) {
      case 0 -> place(r, head, headCount, time);
      case 1 -> place(r, head - headCount, turned - headCount, time);
      default -> place(r, head - turned, turned - headCount, time);
    };
  }

  /** Where [row / time, head, row % time, 0] lies in [batch, heads, time, headDim]. */
  private long place(int r, int head, int heads, int time) {
    return (((long) (r / time) * heads + head) * time + r % time) * headDim;
  }

  private static float[] padded(@Nullable Tensor tensor) {
    return tensor == null ? new float[0] : Floats.of(tensor);
  }

  private static float[] floats(@Nullable Tensor tensor) {
    return tensor == null ? new float[0] : tensor.toFloats();
  }

  private void addToRows(float[] rows, int count, float[] bias) {
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < bias.length; i++) {
        rows[r * width + i] += bias[i];
      }
    }
  }

  private static void addTo(@Nullable Tensor gradient, float[][] ofParts) {
    if (gradient != null) {
      RmsNorm.addTo(gradient, ofParts);
    }
  }

  /**
   * The rows of sequences of {@code time} positions, cut into blocks of neighbours: what a head has
   * of a block lies together, and a block stays in the nearest caches.
   */
  private record SequenceBlocks(int allRows, int time) {
    private static final int MOST_ROWS = 16;

    int atOnce() {
      return Math.min(MOST_ROWS, time);
    }

    int count() {
      return allRows / time * inSequence();
    }

    private int inSequence() {
      return Math.ceilDiv(time, MOST_ROWS);
    }

    int first(int block) {
      return block / inSequence() * time + block % inSequence() * MOST_ROWS;
    }

    int size(int block) {
      return Math.min(MOST_ROWS, time - block % inSequence() * MOST_ROWS);
    }
  }
}
