package org.onset.tensor;

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
  private final int width;
  private final double normEpsilon;

  public Heads(int headCount, int kvHeadCount, int headDim, double normEpsilon) {
    this.headCount = headCount;
    this.turned = headCount + kvHeadCount;
    this.headDim = headDim;
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
    int count = Math.toIntExact(projected.size(0));
    Parallel.run(
        count,
        width,
        (_, from, until) -> {
          float[] row = new float[width];
          for (int r = from; r < until; r++) {
            rows.read((long) r * width, width, row, 0);
            add(row, bias);
            for (int head = 0; head < turned; head++) {
              float[] gain = head < headCount ? queryGain : keyGain;
              if (gain.length > 0) {
                int at = head * headDim;
                float inverse = RmsNorm.inverseRoot(row, at, headDim, normEpsilon);
                for (int i = 0; i < headDim; i++) {
                  row[at + i] *= inverse * gain[i];
                }
              }
              turn(row, head, positions, r, 1);
            }
            for (int head = 0; head * headDim < width; head++) {
              write(row, head, r, time, targets);
            }
          }
        });
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
    float[] queryGain = floats(extras.queryGain);
    float[] keyGain = floats(extras.keyGain);
    int count = Math.toIntExact(projected.size(0));
    int parts = Parallel.parts(count, width);
    float[][] ofBias = new float[parts][bias.length];
    float[][] ofQueryGain = new float[parts][queryGain.length];
    float[][] ofKeyGain = new float[parts][keyGain.length];
    boolean normed = queryGain.length > 0;
    Parallel.run(
        count,
        width,
        (part, from, until) -> {
          float[] gradient = new float[width];
          float[] row = new float[width];
          float[] scaled = new float[headDim];
          float[] ofHead = new float[headDim];
          for (int r = from; r < until; r++) {
            if (normed) {
              rows.read((long) r * width, width, row, 0);
              add(row, bias);
            }
            for (int head = 0; head * headDim < width; head++) {
              int at = head * headDim;
              read(gradient, head, r, time, sources);
              if (head < turned) {
                turn(gradient, head, positions, r, -1);
                if (normed) {
                  boolean isQuery = head < headCount;
                  float[] gain = isQuery ? queryGain : keyGain;
                  float[] ofGain = (isQuery ? ofQueryGain : ofKeyGain)[part];
                  float inverse = RmsNorm.inverseRoot(row, at, headDim, normEpsilon);
                  System.arraycopy(row, at, scaled, 0, headDim);
                  System.arraycopy(gradient, at, ofHead, 0, headDim);
                  Floats.multiply(scaled, 0, headDim, inverse);
                  RmsNorm.backward(scaled, ofHead, gain, ofGain);
                  Floats.multiply(ofHead, 0, headDim, inverse);
                  System.arraycopy(ofHead, 0, gradient, at, headDim);
                }
              }
            }
            add(ofBias[part], gradient, bias.length);
            target.write((long) r * width, width, gradient, 0);
          }
        });
    addTo(extraGradients.bias, ofBias);
    addTo(extraGradients.queryGain, ofQueryGain);
    addTo(extraGradients.keyGain, ofKeyGain);
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

  private void turn(float[] row, int head, Positions positions, int r, int direction) {
    int half = headDim / 2;
    int angles = positions.ofRows[r] * half;
    Floats.turn(row, head * headDim, half, positions.cosines, positions.sines, angles, direction);
  }

  private void write(float[] row, int head, int r, int time, Rows[] targets) {
    targets[kind(head)].write(placeOfHead(head, r, time), headDim, row, head * headDim);
  }

  private void read(float[] row, int head, int r, int time, Rows[] sources) {
    sources[kind(head)].read(placeOfHead(head, r, time), headDim, row, head * headDim);
  }

  /** 0 for a query, 1 for a key, 2 for a value. */
  private int kind(int head) {
    return head < headCount ? 0 : head < turned ? 1 : 2;
  }

  private long placeOfHead(int head, int r, int time) {
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

  private static float[] floats(@Nullable Tensor tensor) {
    return tensor == null ? new float[0] : tensor.toFloats();
  }

  private static void add(float[] row, float[] summand) {
    add(row, summand, summand.length);
  }

  private static void add(float[] row, float[] summand, int count) {
    for (int i = 0; i < count; i++) {
      row[i] += summand[i];
    }
  }

  private static void addTo(@Nullable Tensor gradient, float[][] ofParts) {
    if (gradient != null) {
      RmsNorm.addTo(gradient, ofParts);
    }
  }
}
