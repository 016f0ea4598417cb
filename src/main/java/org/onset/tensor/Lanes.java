package org.onset.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * What loops over vectors do with one of them, to be compiled into those loops.
 *
 * <p>Only operations whose result IEEE 754 fixes are used. The vector API's own sums across lanes
 * and its exponentials give other last bits before a method is compiled than after, and training
 * must not depend on when that happens.
 */
final class Lanes {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /** As many bfloat16 values as there are floats in a vector. */
  static final VectorSpecies<Short> BFLOAT16S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  static final int LANES = FLOATS.length();

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final int QUIET_NAN = 0x7FC0;
  private static final VectorShuffle<Float>[] SECOND_HALVES = secondHalves();
  private static final FloatVector LOWEST = FloatVector.broadcast(FLOATS, -87);
  private static final FloatVector HIGHEST = FloatVector.broadcast(FLOATS, 88);

  /**
   * Adding 1.5 · 2²³ leaves the nearest whole number in the lowest bits; 127 makes it the exponent
   * of a float.
   */
  private static final FloatVector SHIFT = FloatVector.broadcast(FLOATS, 1.5f * (1 << 23) + 127);

  private static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1);
  private static final float LOG2_E = (float) (1 / Math.log(2));

  /** ln 2 in two parts, the first with few enough bits that its product with n is exact. */
  private static final float LN2_HIGH = 355f / 512;

  private static final float LN2_LOW = (float) (Math.log(2) - LN2_HIGH);

  private Lanes() {}

  static FloatVector at(float[] values, int from) {
    return FloatVector.fromArray(FLOATS, values, from);
  }

  /** The floats of a tensor's memory from number {@code from} on. */
  static FloatVector floats(MemorySegment memory, long from) {
    return FloatVector.fromMemorySegment(FLOATS, memory, from * Float.BYTES, ORDER);
  }

  /** The same of memory with bfloat16 values. */
  static FloatVector halves(MemorySegment memory, long from) {
    return widened(ShortVector.fromMemorySegment(BFLOAT16S, memory, from * Short.BYTES, ORDER));
  }

  /** Here, and not in {@link Floats}, since loops there are made of it. */
  static float dot(float[] left, int leftFrom, float[] right, int rightFrom, int count) {
    FloatVector even = FloatVector.zero(FLOATS);
    FloatVector odd = FloatVector.zero(FLOATS);
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
      VectorMask<Float> rest = FLOATS.indexInRange(i, count);
      FloatVector other = FloatVector.fromArray(FLOATS, right, rightFrom + i, rest);
      even = FloatVector.fromArray(FLOATS, left, leftFrom + i, rest).fma(other, even);
    }
    return sum(even.add(odd));
  }

  /** The sum of all lanes: halves are added to halves. */
  static float sum(FloatVector lanes) {
    FloatVector sum = lanes;
    for (VectorShuffle<Float> half : SECOND_HALVES) {
      sum = sum.add(sum.rearrange(half));
    }
    return sum.lane(0);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // There is no other way to make a generic array.
  private static VectorShuffle<Float>[] secondHalves() {
    List<VectorShuffle<Float>> shuffles = new ArrayList<>();
    for (int step = LANES / 2; step > 0; step /= 2) {
      shuffles.add(VectorShuffle.iota(FLOATS, step, 1, true));
    }
    return shuffles.toArray(new VectorShuffle[0]);
  }

  /**
   * exp(x) to about two units in the last place: x = n · ln 2 + rest, and a polynomial of the rest,
   * whose exponent n is added to. Below −87 and above 88 the result stays what it is there.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector within = atMost(HIGHEST, atLeast(LOWEST, x));
    FloatVector shifted = within.fma(FloatVector.broadcast(FLOATS, LOG2_E), SHIFT);
    FloatVector whole = shifted.sub(SHIFT);
    FloatVector rest =
        whole.fma(
            FloatVector.broadcast(FLOATS, -LN2_LOW),
            whole.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), within));
    FloatVector power = FloatVector.broadcast(FLOATS, 1 / 720f);
    power = power.fma(rest, FloatVector.broadcast(FLOATS, 1 / 120f));
    power = power.fma(rest, FloatVector.broadcast(FLOATS, 1 / 24f));
    power = power.fma(rest, FloatVector.broadcast(FLOATS, 1 / 6f));
    power = power.fma(rest, FloatVector.broadcast(FLOATS, 0.5f));
    power = power.fma(rest, ONE);
    power = power.fma(rest, ONE);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return power.mul(exponent.reinterpretAsFloats());
  }

  /** The larger of each two; of no number and one, what x is. Vectors' own max is far slower. */
  static FloatVector atLeast(FloatVector least, FloatVector x) {
    return x.blend(least, x.lt(least));
  }

  /** The smaller of each two, as {@link #atLeast}. */
  private static FloatVector atMost(FloatVector most, FloatVector x) {
    return x.blend(most, most.lt(x));
  }

  static FloatVector sigmoid(FloatVector x) {
    return ONE.div(exp(x.neg()).add(ONE));
  }

  /** The derivative of silu(x) = {@code activated}, x · {@code sigmoid}. */
  static FloatVector siluSlope(FloatVector x, FloatVector sigmoid, FloatVector activated) {
    return x.sub(activated).add(ONE).mul(sigmoid);
  }

  /** From bfloat16. */
  static FloatVector widened(ShortVector bits) {
    IntVector wide = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    return wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /** To bfloat16: rounded to the nearest, ties to even; what is no number stays none. */
  static ShortVector narrowed(FloatVector values) {
    IntVector bits = values.reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    IntVector rounded = bits.add(odd).add(0x7FFF).lanewise(VectorOperators.LSHR, 16);
    VectorMask<Integer> noNumber = values.test(VectorOperators.IS_NAN).cast(INTS);
    rounded = rounded.blend(QUIET_NAN, noNumber);
    return (ShortVector) rounded.convertShape(VectorOperators.I2S, BFLOAT16S, 0);
  }
}
