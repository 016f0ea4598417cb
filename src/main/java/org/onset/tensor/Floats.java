package org.onset.tensor;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Stretches of float arrays, where the compiler by itself would go value by value: sums, whose
 * order is not its to change, and exponentials. Loops of plain arithmetic it vectorises itself.
 *
 * <p>Only operations whose result IEEE 754 fixes are used. The vector API's own sums across lanes
 * and its exponentials give other last bits before a method is compiled than after, and training
 * must not depend on when that happens.
 */
final class Floats {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private static final VectorShuffle<Float>[] HALVES = halves();
  private static final FloatVector LOWEST = FloatVector.broadcast(SPECIES, -87);
  private static final FloatVector HIGHEST = FloatVector.broadcast(SPECIES, 88);
  private static final FloatVector SHIFT = FloatVector.broadcast(SPECIES, 1.5f * (1 << 23));
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);
  private static final float LOG2_E = (float) (1 / Math.log(2));

  /** ln 2 in two parts, the first with few enough bits that its product with n is exact. */
  private static final float LN2_HIGH = 355f / 512;

  private static final float LN2_LOW = (float) (Math.log(2) - LN2_HIGH);

  private Floats() {}

  static float dot(float[] left, int leftFrom, float[] right, int rightFrom, int count) {
    FloatVector even = FloatVector.zero(SPECIES);
    FloatVector odd = FloatVector.zero(SPECIES);
    int i = 0;
    for (; i + 2 * LANES <= count; i += 2 * LANES) {
      even = at(left, leftFrom + i).fma(at(right, rightFrom + i), even);
      odd = at(left, leftFrom + i + LANES).fma(at(right, rightFrom + i + LANES), odd);
    }
    if (i + LANES <= count) {
      even = at(left, leftFrom + i).fma(at(right, rightFrom + i), even);
      i += LANES;
    }
    if (i < count) {
      VectorMask<Float> rest = SPECIES.indexInRange(i, count);
      FloatVector other = FloatVector.fromArray(SPECIES, right, rightFrom + i, rest);
      even = FloatVector.fromArray(SPECIES, left, leftFrom + i, rest).fma(other, even);
    }
    return sum(even.add(odd));
  }

  /** The sum of all lanes: halves are added to halves. */
  static float sum(FloatVector lanes) {
    FloatVector sum = lanes;
    for (VectorShuffle<Float> half : HALVES) {
      sum = sum.add(sum.rearrange(half));
    }
    return sum.lane(0);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // There is no other way to make a generic array.
  private static VectorShuffle<Float>[] halves() {
    List<VectorShuffle<Float>> shuffles = new ArrayList<>();
    for (int step = LANES / 2; step > 0; step /= 2) {
      shuffles.add(VectorShuffle.iota(SPECIES, step, 1, true));
    }
    return shuffles.toArray(new VectorShuffle[0]);
  }

  /**
   * exp(x) to about two units in the last place: x = n · ln 2 + rest, and a polynomial of the rest,
   * whose exponent n is added to. Below −87 and above 88 the result stays what it is there.
   */
  private static FloatVector exp(FloatVector x) {
    FloatVector within = x.max(LOWEST).min(HIGHEST);
    // Adding 1.5 · 2²³ leaves the nearest whole number in the lowest bits.
    FloatVector shifted = within.fma(FloatVector.broadcast(SPECIES, LOG2_E), SHIFT);
    FloatVector whole = shifted.sub(SHIFT);
    FloatVector rest =
        whole.fma(
            FloatVector.broadcast(SPECIES, -LN2_LOW),
            whole.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), within));
    FloatVector power = FloatVector.broadcast(SPECIES, 1 / 720f);
    power = power.fma(rest, FloatVector.broadcast(SPECIES, 1 / 120f));
    power = power.fma(rest, FloatVector.broadcast(SPECIES, 1 / 24f));
    power = power.fma(rest, FloatVector.broadcast(SPECIES, 1 / 6f));
    power = power.fma(rest, FloatVector.broadcast(SPECIES, 0.5f));
    power = power.fma(rest, ONE);
    power = power.fma(rest, ONE);
    IntVector exponent =
        shifted
            .reinterpretAsInts()
            .sub(Float.floatToRawIntBits(1.5f * (1 << 23)))
            .add(127)
            .lanewise(VectorOperators.LSHL, 23);
    return power.mul(exponent.reinterpretAsFloats());
  }

  static float max(float[] values, int from, int count) {
    FloatVector largest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      largest = largest.max(at(values, from + i));
    }
    float result = largest.reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      result = Math.max(result, values[from + i]);
    }
    return result;
  }

  /** Replaces each x by exp({@code scale} · x − {@code shift}); returns the sum of them all. */
  static float exponentials(float[] values, int from, int count, float scale, float shift) {
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector shifts = FloatVector.broadcast(SPECIES, -shift);
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector result = exp(at(values, from + i).fma(scales, shifts));
      result.intoArray(values, from + i);
      sum = sum.add(result);
    }
    if (i < count) {
      VectorMask<Float> rest = SPECIES.indexInRange(i, count);
      FloatVector result =
          exp(FloatVector.fromArray(SPECIES, values, from + i, rest).fma(scales, shifts));
      result.intoArray(values, from + i, rest);
      sum = sum.add(result, rest);
    }
    return sum(sum);
  }

  /** Replaces each gate by silu(gate) · up. */
  static void swiGlu(float[] gates, float[] ups, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector gate = at(gates, i);
      gate.mul(sigmoid(gate)).mul(at(ups, i)).intoArray(gates, i);
    }
    if (i < count) {
      VectorMask<Float> rest = SPECIES.indexInRange(i, count);
      FloatVector gate = FloatVector.fromArray(SPECIES, gates, i, rest);
      FloatVector up = FloatVector.fromArray(SPECIES, ups, i, rest);
      gate.mul(sigmoid(gate)).mul(up).intoArray(gates, i, rest);
    }
  }

  /**
   * Replaces gates and ups by their gradients, and the gradients of silu(gate) · up by its values.
   */
  static void swiGluBackward(float[] gates, float[] ups, float[] gradients, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      swiGluBackward(gates, ups, gradients, i, SPECIES.maskAll(true));
    }
    if (i < count) {
      swiGluBackward(gates, ups, gradients, i, SPECIES.indexInRange(i, count));
    }
  }

  private static void swiGluBackward(
      float[] gates, float[] ups, float[] gradients, int i, VectorMask<Float> here) {
    FloatVector gate = FloatVector.fromArray(SPECIES, gates, i, here);
    FloatVector up = FloatVector.fromArray(SPECIES, ups, i, here);
    FloatVector gradient = FloatVector.fromArray(SPECIES, gradients, i, here);
    FloatVector sigmoid = sigmoid(gate);
    FloatVector activated = gate.mul(sigmoid);
    FloatVector slope = gate.sub(activated).add(ONE).mul(sigmoid);
    gradient.mul(up).mul(slope).intoArray(gates, i, here);
    gradient.mul(activated).intoArray(ups, i, here);
    activated.mul(up).intoArray(gradients, i, here);
  }

  private static FloatVector sigmoid(FloatVector x) {
    return ONE.div(exp(x.neg()).add(ONE));
  }

  /**
   * Turns each pair of entries i and i + half, for i below half, by the angle whose cosine and sine
   * lie at {@code angles} + i; back, where {@code direction} is −1.
   */
  static void turn(
      float[] values,
      int from,
      int half,
      float[] cosines,
      float[] sines,
      int angles,
      int direction) {
    for (int i = 0; i < half; i += LANES) {
      VectorMask<Float> here = SPECIES.indexInRange(i, half);
      FloatVector x = FloatVector.fromArray(SPECIES, values, from + i, here);
      FloatVector y = FloatVector.fromArray(SPECIES, values, from + half + i, here);
      FloatVector cosine = FloatVector.fromArray(SPECIES, cosines, angles + i, here);
      FloatVector sine = FloatVector.fromArray(SPECIES, sines, angles + i, here).mul(direction);
      x.mul(cosine).sub(y.mul(sine)).intoArray(values, from + i, here);
      y.mul(cosine).add(x.mul(sine)).intoArray(values, from + half + i, here);
    }
  }

  /**
   * To {@code sum}, {@code width} values from {@code at} on, the sum of {@code count} rows that
   * begin at {@code start} and every {@code stride} after it, each by its weight.
   */
  static void weightedSum(
      float[] rows,
      int start,
      int stride,
      float[] weights,
      int from,
      int count,
      float[] sum,
      int at,
      int width) {
    int i = 0;
    for (; i + 4 * LANES <= width; i += 4 * LANES) {
      FloatVector first = FloatVector.zero(SPECIES);
      FloatVector second = first;
      FloatVector third = first;
      FloatVector fourth = first;
      for (int row = 0; row < count; row++) {
        FloatVector weight = FloatVector.broadcast(SPECIES, weights[from + row]);
        int place = start + row * stride + i;
        first = at(rows, place).fma(weight, first);
        second = at(rows, place + LANES).fma(weight, second);
        third = at(rows, place + 2 * LANES).fma(weight, third);
        fourth = at(rows, place + 3 * LANES).fma(weight, fourth);
      }
      first.intoArray(sum, at + i);
      second.intoArray(sum, at + i + LANES);
      third.intoArray(sum, at + i + 2 * LANES);
      fourth.intoArray(sum, at + i + 3 * LANES);
    }
    for (; i < width; i += LANES) {
      VectorMask<Float> here = SPECIES.indexInRange(i, width);
      FloatVector some = FloatVector.zero(SPECIES);
      for (int row = 0; row < count; row++) {
        FloatVector weight = FloatVector.broadcast(SPECIES, weights[from + row]);
        some =
            FloatVector.fromArray(SPECIES, rows, start + row * stride + i, here).fma(weight, some);
      }
      some.intoArray(sum, at + i, here);
    }
  }

  static void multiply(float[] values, int from, int count, float factor) {
    for (int i = from; i < from + count; i++) {
      values[i] *= factor;
    }
  }

  private static FloatVector at(float[] values, int from) {
    return FloatVector.fromArray(SPECIES, values, from);
  }
}
