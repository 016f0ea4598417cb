package org.onset.tensor;

import static org.onset.tensor.Lanes.DOUBLES;
import static org.onset.tensor.Lanes.FLOATS;
import static org.onset.tensor.Lanes.LANES;
import static org.onset.tensor.Lanes.at;
import static org.onset.tensor.Lanes.atLeast;
import static org.onset.tensor.Lanes.exp;
import static org.onset.tensor.Lanes.sigmoid;
import static org.onset.tensor.Lanes.siluSlope;
import static org.onset.tensor.Lanes.sum;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Stretches of float arrays, a vector at a time: sums, whose order the compiler may not change,
 * exponentials, which it doesn't know, and short stretches, where its own loops take as long to
 * begin and end as they run.
 *
 * <p>{@code dot}, {@code dots}, {@code addWeighted} and {@code turn} touch nothing beyond a
 * stretch; all others work to the end of its last vector: arrays have room for {@link
 * #wholeVectors}.
 *
 * <p>The launcher's {@code jvm.flags} keep these methods and those of {@link Rows} from being
 * compiled into their callers: in larger methods the compiler makes an object of every vector.
 */
final class Floats {
  private Floats() {}

  /** How many values {@code count} of them are, the last vector filled up. */
  static int wholeVectors(int count) {
    return Math.ceilDiv(count, LANES) * LANES;
  }

  /** Zeros for {@code count} values, in whole vectors. */
  static float[] zeros(int count) {
    return new float[wholeVectors(count)];
  }

  /** The values of a tensor, in whole vectors. */
  static float[] of(Tensor tensor) {
    float[] values = tensor.toFloats();
    return Arrays.copyOf(values, wholeVectors(values.length));
  }

  static float dot(float[] left, int leftFrom, float[] right, int rightFrom, int count) {
    return Lanes.dot(left, leftFrom, right, rightFrom, count);
  }

  /**
   * To {@code products}, from {@code to} on, the dot products of {@code count} rows, one every
   * {@code stride} values from {@code start} on, with the {@code width} values of {@code right}.
   */
  static void dots(
      float[] rows,
      int start,
      int stride,
      int count,
      float[] right,
      int rightFrom,
      int width,
      float[] products,
      int to) {
    for (int row = 0; row < count; row++) {
      products[to + row] = Lanes.dot(rows, start + row * stride, right, rightFrom, width);
    }
  }

  /**
   * The largest of {@code count} values that are numbers; what follows them in the last vector
   * becomes −∞.
   */
  static float max(float[] values, int from, int count) {
    int whole = wholeVectors(count);
    Arrays.fill(values, from + count, from + whole, Float.NEGATIVE_INFINITY);
    FloatVector largest = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < whole; i += LANES) {
      largest = atLeast(at(values, from + i), largest);
    }
    return largest.reduceLanes(VectorOperators.MAX);
  }

  /**
   * Replaces each x by exp({@code scale} · x − {@code shift}); returns the sum of them all. {@code
   * shift} is the largest of the products, found by {@link #max}, so that the sum is some 1 at
   * least: what is made of the −∞ that follow, some 10⁻³⁸, then adds nothing.
   */
  static float exponentials(float[] values, int from, int count, float scale, float shift) {
    FloatVector sum = FloatVector.zero(FLOATS);
    FloatVector shifts = FloatVector.broadcast(FLOATS, -shift);
    FloatVector scales = FloatVector.broadcast(FLOATS, scale);
    for (int i = 0; i < count; i += LANES) {
      FloatVector result = exp(at(values, from + i).fma(scales, shifts));
      result.intoArray(values, from + i);
      sum = sum.add(result);
    }
    return sum(sum);
  }

  /**
   * The sum of exp(x − {@code shift}), each in float32, all together in double precision; {@code
   * count} is one of whole vectors.
   */
  static double sumOfExponentials(float[] values, int count, float shift) {
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
    for (int i = 0; i < count; i += LANES) {
      FloatVector result = exp(at(values, i).sub(shift));
      low = low.add(result.convertShape(VectorOperators.F2D, DOUBLES, 0));
      high = high.add(result.convertShape(VectorOperators.F2D, DOUBLES, 1));
    }
    double sum = 0;
    for (double lane : low.add(high).toArray()) {
      sum += lane;
    }
    return sum;
  }

  /** Replaces each x by its share of the sum of all exp({@code scale} · x). */
  static void softmax(float[] values, int from, int count, float scale) {
    float shift = scale * max(values, from, count);
    float sum = exponentials(values, from, count, scale, shift);
    multiply(values, from, count, 1 / sum);
  }

  /** Turns the gradients of probabilities into those of what {@link #softmax} was given. */
  static void softmaxBackward(
      float[] probabilities, float[] gradients, int from, int count, float scale) {
    float mean = Lanes.dot(probabilities, from, gradients, from, count);
    for (int i = from; i < from + count; i += LANES) {
      FloatVector scaled = at(probabilities, i).mul(scale);
      at(gradients, i).sub(mean).mul(scaled).intoArray(gradients, i);
    }
  }

  /** Replaces each gate by silu(gate) · up. */
  static void swiGlu(float[] gates, float[] ups, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector gate = at(gates, i);
      gate.mul(sigmoid(gate)).mul(at(ups, i)).intoArray(gates, i);
    }
  }

  /**
   * Replaces gates and ups by their gradients, and the gradients of silu(gate) · up by its values.
   */
  static void swiGluBackward(float[] gates, float[] ups, float[] gradients, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector gate = at(gates, i);
      FloatVector up = at(ups, i);
      FloatVector gradient = at(gradients, i);
      FloatVector sigmoid = sigmoid(gate);
      FloatVector activated = gate.mul(sigmoid);
      FloatVector slope = siluSlope(gate, sigmoid, activated);
      gradient.mul(up).mul(slope).intoArray(gates, i);
      gradient.mul(activated).intoArray(ups, i);
      activated.mul(up).intoArray(gradients, i);
    }
  }

  /**
   * Turns {@code count} heads, one every {@code stride} values from {@code from} on: each pair of
   * values i and i + half, for i below half, by the angle of the positions of row {@code first} and
   * those after it; back, where {@code direction} is −1. Writes them to {@code target}, one every
   * {@code targetStride} values from {@code to} on, and nothing between them.
   */
  static void turn(
      float[] values,
      int from,
      int stride,
      int count,
      int half,
      Heads.Positions positions,
      int first,
      int direction,
      float[] target,
      int to,
      int targetStride) {
    int[] ofRows = positions.ofRows();
    float[] cosines = positions.cosines();
    float[] sines = positions.sines();
    for (int i = 0; i < half; i += LANES) {
      VectorMask<Float> here = FLOATS.indexInRange(i, half);
      for (int r = 0; r < count; r++) {
        int at = from + r * stride + i;
        int angles = ofRows[first + r] * half + i;
        FloatVector x = FloatVector.fromArray(FLOATS, values, at, here);
        FloatVector y = FloatVector.fromArray(FLOATS, values, at + half, here);
        FloatVector cosine = FloatVector.fromArray(FLOATS, cosines, angles, here);
        FloatVector sine = FloatVector.fromArray(FLOATS, sines, angles, here).mul(direction);
        int place = to + r * targetStride + i;
        x.mul(cosine).sub(y.mul(sine)).intoArray(target, place, here);
        y.mul(cosine).add(x.mul(sine)).intoArray(target, place + half, here);
      }
    }
  }

  /**
   * Adds to the {@code width} values of {@code sum} from {@code at} on {@code count} rows that
   * begin at {@code start} and every {@code stride} after it, each by its weight.
   */
  static void addWeighted(
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
      FloatVector first = at(sum, at + i);
      FloatVector second = at(sum, at + i + LANES);
      FloatVector third = at(sum, at + i + 2 * LANES);
      FloatVector fourth = at(sum, at + i + 3 * LANES);
      for (int row = 0; row < count; row++) {
        FloatVector weight = FloatVector.broadcast(FLOATS, weights[from + row]);
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
      VectorMask<Float> here = FLOATS.indexInRange(i, width);
      FloatVector some = FloatVector.fromArray(FLOATS, sum, at + i, here);
      for (int row = 0; row < count; row++) {
        FloatVector weight = FloatVector.broadcast(FLOATS, weights[from + row]);
        some =
            FloatVector.fromArray(FLOATS, rows, start + row * stride + i, here).fma(weight, some);
      }
      some.intoArray(sum, at + i, here);
    }
  }

  static void multiply(float[] values, int from, int count, float factor) {
    for (int i = from; i < from + count; i += LANES) {
      at(values, i).mul(factor).intoArray(values, i);
    }
  }

  static void add(float[] values, float[] summands, int count) {
    for (int i = 0; i < count; i += LANES) {
      at(values, i).add(at(summands, i)).intoArray(values, i);
    }
  }

  /** Multiplies each value from {@code from} on by its own factor and by {@code common}. */
  static void multiply(float[] values, int from, float[] factors, float common, int count) {
    for (int i = 0; i < count; i += LANES) {
      at(values, from + i).mul(at(factors, i).mul(common)).intoArray(values, from + i);
    }
  }

  /**
   * The way back through the norm of one row: adds the row's gradient to {@code sums} and the
   * gains' to {@code ofGains}; replaces the row by its normed values. Beyond {@code count} gains
   * and gradients are 0.
   */
  static void normBackward(
      float[] row,
      float[] gradients,
      float[] sums,
      int from,
      float[] gains,
      float[] ofGains,
      float inverseRoot,
      int count) {
    Arrays.fill(row, from + count, from + wholeVectors(count), 0); // the last row's may be NaN
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < count; i += LANES) {
      FloatVector scaled = at(row, from + i).mul(inverseRoot);
      FloatVector gradient = at(gradients, from + i);
      gradient.fma(scaled, at(ofGains, i)).intoArray(ofGains, i);
      sum = gradient.mul(at(gains, i)).fma(scaled, sum);
    }
    // What the row's own root takes back.
    FloatVector mean = FloatVector.broadcast(FLOATS, -sum(sum) / count);
    FloatVector root = FloatVector.broadcast(FLOATS, inverseRoot);
    for (int i = 0; i < count; i += LANES) {
      FloatVector scaled = at(row, from + i).mul(inverseRoot);
      FloatVector gain = at(gains, i);
      FloatVector ofScaled = scaled.fma(mean, at(gradients, from + i).mul(gain));
      ofScaled.fma(root, at(sums, from + i)).intoArray(sums, from + i);
      scaled.mul(gain).intoArray(row, from + i);
    }
  }
}
