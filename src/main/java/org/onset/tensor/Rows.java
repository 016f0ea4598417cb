package org.onset.tensor;

import static org.onset.tensor.Lanes.BFLOAT16S;
import static org.onset.tensor.Lanes.FLOATS;
import static org.onset.tensor.Lanes.LANES;
import static org.onset.tensor.Lanes.ORDER;
import static org.onset.tensor.Lanes.at;
import static org.onset.tensor.Lanes.floats;
import static org.onset.tensor.Lanes.halves;
import static org.onset.tensor.Lanes.narrowed;
import static org.onset.tensor.Lanes.sum;
import static org.onset.tensor.Lanes.widened;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;

/**
 * A contiguous tensor's memory, read and written in stretches of floats whatever its dtype. So a
 * pass is written once, in float32; the stretch it works on stays in the nearest cache. Valid as
 * long as the tensor's memory is.
 */
final class Rows {
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
      halves(memory, at + i).intoArray(into, start + i);
    }
    if (i < count) {
      VectorMask<Short> rest = BFLOAT16S.indexInRange(i, count);
      long offset = (at + i) * Short.BYTES;
      widened(ShortVector.fromMemorySegment(BFLOAT16S, memory, offset, ORDER, rest))
          .intoArray(into, start + i, FLOATS.indexInRange(i, count));
    }
  }

  private void writeHalves(long at, int count, float[] from, int start) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      narrowed(at(from, start + i)).intoMemorySegment(memory, (at + i) * Short.BYTES, ORDER);
    }
    if (i < count) {
      narrowed(FloatVector.fromArray(FLOATS, from, start + i, FLOATS.indexInRange(i, count)))
          .intoMemorySegment(
              memory, (at + i) * Short.BYTES, ORDER, BFLOAT16S.indexInRange(i, count));
    }
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
      first = floats(memory, at + i).fma(at(input, start + i), first);
      second = floats(memory, at + i + LANES).fma(at(input, start + i + LANES), second);
      third = floats(memory, at + i + 2L * LANES).fma(at(input, start + i + 2 * LANES), third);
      fourth = floats(memory, at + i + 3L * LANES).fma(at(input, start + i + 3 * LANES), fourth);
    }
    for (; i + LANES <= count; i += LANES) {
      first = floats(memory, at + i).fma(at(input, start + i), first);
    }
    float sum = sum(first.add(second).add(third.add(fourth)));
    for (; i < count; i++) {
      sum +=
          memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (at + i) * Float.BYTES) * input[start + i];
    }
    return sum;
  }

  private float dotOfHalves(long at, int count, float[] input, int start) {
    FloatVector first = FloatVector.zero(FLOATS);
    FloatVector second = first;
    FloatVector third = first;
    FloatVector fourth = first;
    int i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
      first = halves(memory, at + i).fma(at(input, start + i), first);
      second = halves(memory, at + i + LANES).fma(at(input, start + i + LANES), second);
      third = halves(memory, at + i + 2L * LANES).fma(at(input, start + i + 2 * LANES), third);
      fourth = halves(memory, at + i + 3L * LANES).fma(at(input, start + i + 3 * LANES), fourth);
    }
    for (; i + LANES <= count; i += LANES) {
      first = halves(memory, at + i).fma(at(input, start + i), first);
    }
    float sum = sum(first.add(second).add(third.add(fourth)));
    for (; i < count; i++) {
      sum +=
          Float.intBitsToFloat(memory.get(SHORT, (at + i) * Short.BYTES) << 16) * input[start + i];
    }
    return sum;
  }
}
