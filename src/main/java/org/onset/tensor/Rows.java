package org.onset.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * A contiguous tensor's memory, read and written in stretches of floats whatever its dtype. So a
 * pass is written once, in float32; the stretch it works on stays in the nearest cache. Valid as
 * long as the tensor's memory is.
 */
final class Rows {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> HALVES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
  private static final int LANES = FLOATS.length();
  private static final int QUIET_NAN = 0x7FC0;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private final MemorySegment memory;
  private final boolean half;

  private Rows(MemorySegment memory, boolean half) {
    this.memory = memory;
    this.half = half;
  }

  static Rows of(Tensor tensor) {
    return new Rows(tensor.memory(), tensor.dtype() == Dtype.BFLOAT16);
  }

  /** Reads the values [at, at + count) of the whole to {@code into} from {@code start} on. */
  void read(long at, int count, float[] into, int start) {
    if (half) {
      readHalves(at, count, into, start);
    } else {
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at * Float.BYTES, into, start, count);
    }
  }

  /** Writes {@code count} values of {@code from}, beginning at {@code start}, to [at, …). */
  void write(long at, int count, float[] from, int start) {
    if (half) {
      writeHalves(at, count, from, start);
    } else {
      MemorySegment.copy(from, start, memory, ValueLayout.JAVA_FLOAT, at * Float.BYTES, count);
    }
  }

  /** Copies {@code count} values as they are; both have one dtype. */
  void copy(long at, int count, Rows target, long targetAt) {
    long bytes = half ? Short.BYTES : Float.BYTES;
    MemorySegment.copy(memory, at * bytes, target.memory, targetAt * bytes, count * bytes);
  }

  private void readHalves(long at, int count, float[] into, int start) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      halves((at + i) * Short.BYTES).intoArray(into, start + i);
    }
    if (i < count) {
      VectorMask<Short> rest = HALVES.indexInRange(i, count);
      long offset = (at + i) * Short.BYTES;
      widened(ShortVector.fromMemorySegment(HALVES, memory, offset, ORDER, rest))
          .intoArray(into, start + i, FLOATS.indexInRange(i, count));
    }
  }

  private FloatVector halves(long offset) {
    return widened(ShortVector.fromMemorySegment(HALVES, memory, offset, ORDER));
  }

  private static FloatVector widened(ShortVector bits) {
    IntVector wide = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    return wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  private void writeHalves(long at, int count, float[] from, int start) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      narrowed(FloatVector.fromArray(FLOATS, from, start + i))
          .intoMemorySegment(memory, (at + i) * Short.BYTES, ORDER);
    }
    if (i < count) {
      narrowed(FloatVector.fromArray(FLOATS, from, start + i, FLOATS.indexInRange(i, count)))
          .intoMemorySegment(memory, (at + i) * Short.BYTES, ORDER, HALVES.indexInRange(i, count));
    }
  }

  /** Rounded to the nearest, ties to even; what is no number stays none. */
  private static ShortVector narrowed(FloatVector values) {
    IntVector bits = values.reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    IntVector rounded = bits.add(odd).add(0x7FFF).lanewise(VectorOperators.LSHR, 16);
    VectorMask<Integer> noNumber = values.test(VectorOperators.IS_NAN).cast(INTS);
    rounded = rounded.blend(QUIET_NAN, noNumber);
    return (ShortVector) rounded.convertShape(VectorOperators.I2S, HALVES, 0);
  }

  /** The sum of products of the values [at, at + count) with those of {@code input} from start. */
  float dot(long at, int count, float[] input, int start) {
    return half ? dotOfHalves(at, count, input, start) : dotOfFloats(at, count, input, start);
  }

  private float dotOfFloats(long at, int count, float[] input, int start) {
    FloatVector first = FloatVector.zero(FLOATS);
    FloatVector second = first;
    FloatVector third = first;
    FloatVector fourth = first;
    int i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
      first = product(at + i, input, start + i, first);
      second = product(at + i + LANES, input, start + i + LANES, second);
      third = product(at + i + 2L * LANES, input, start + i + 2 * LANES, third);
      fourth = product(at + i + 3L * LANES, input, start + i + 3 * LANES, fourth);
    }
    for (; i + LANES <= count; i += LANES) {
      first = product(at + i, input, start + i, first);
    }
    float sum = Floats.sum(first.add(second).add(third.add(fourth)));
    for (; i < count; i++) {
      sum +=
          memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (at + i) * Float.BYTES) * input[start + i];
    }
    return sum;
  }

  private FloatVector product(long at, float[] input, int start, FloatVector sum) {
    FloatVector weights = FloatVector.fromMemorySegment(FLOATS, memory, at * Float.BYTES, ORDER);
    return weights.fma(FloatVector.fromArray(FLOATS, input, start), sum);
  }

  private float dotOfHalves(long at, int count, float[] input, int start) {
    FloatVector first = FloatVector.zero(FLOATS);
    FloatVector second = first;
    FloatVector third = first;
    FloatVector fourth = first;
    int i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
      first = productOfHalves(at + i, input, start + i, first);
      second = productOfHalves(at + i + LANES, input, start + i + LANES, second);
      third = productOfHalves(at + i + 2L * LANES, input, start + i + 2 * LANES, third);
      fourth = productOfHalves(at + i + 3L * LANES, input, start + i + 3 * LANES, fourth);
    }
    for (; i + LANES <= count; i += LANES) {
      first = productOfHalves(at + i, input, start + i, first);
    }
    float sum = Floats.sum(first.add(second).add(third.add(fourth)));
    for (; i < count; i++) {
      sum +=
          Float.intBitsToFloat(memory.get(SHORT, (at + i) * Short.BYTES) << 16) * input[start + i];
    }
    return sum;
  }

  private FloatVector productOfHalves(long at, float[] input, int start, FloatVector sum) {
    return halves(at * Short.BYTES).fma(FloatVector.fromArray(FLOATS, input, start), sum);
  }
}
