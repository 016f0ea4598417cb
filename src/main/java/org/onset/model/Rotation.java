package org.onset.model;

import org.onset.tensor.Tensor;

/**
 * The tables of rotary position embedding (Su et al., 2021) in Hugging Face's order, where entry i
 * turns together with entry i + headDim / 2 by the angle position · theta^(-2i / headDim), the
 * latter as the spec's scaling stretches it.
 */
final class Rotation implements AutoCloseable {
  private final Tensor cos; // [maxContextLength, 1, headDim]
  private final Tensor signedSin; // [maxContextLength, 1, headDim]

  Rotation(ModelSpec spec) {
    int half = spec.headDim() / 2;
    int positions = spec.maxContextLength();
    float[] cosines = new float[Math.multiplyExact(positions, spec.headDim())];
    float[] sines = new float[cosines.length];
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < half; i++) {
        double frequency = StrictMath.pow(spec.ropeTheta(), -2.0 * i / spec.headDim());
        double angle = position * spec.ropeScaling().scaled(frequency);
        int first = position * spec.headDim() + i;
        cosines[first] = (float) StrictMath.cos(angle);
        cosines[first + half] = cosines[first];
        sines[first + half] = (float) StrictMath.sin(angle);
        sines[first] = -sines[first + half];
      }
    }
    this.cos = Tensor.of(cosines, positions, 1, spec.headDim()).owned();
    this.signedSin = Tensor.of(sines, positions, 1, spec.headDim()).owned();
  }

  /** For positions 0 to {@code time} - 1: [time, 1, headDim]. */
  Tensor cos(long time) {
    return cos.narrow(0, 0, time);
  }

  Tensor signedSin(long time) {
    return signedSin.narrow(0, 0, time);
  }

  /** For these positions (ids, [count]): [count, 1, headDim]. */
  Tensor cosAt(Tensor positions) {
    return cos.indexSelect(0, positions);
  }

  Tensor signedSinAt(Tensor positions) {
    return signedSin.indexSelect(0, positions);
  }

  @Override
  public void close() {
    signedSin.close();
    cos.close();
  }
}
