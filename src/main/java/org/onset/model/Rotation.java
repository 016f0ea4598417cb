package org.onset.model;

import org.onset.tensor.Heads;

/**
 * The angles of rotary position embedding (Su et al., 2021): entry i of a head turns by position ·
 * theta^(-2i / headDim), the latter as the spec's scaling stretches it. Computed as far as anyone
 * has asked.
 */
final class Rotation {
  private final ModelSpec spec;
  private volatile float[][] angles = new float[2][0]; // cosines and sines, [position, headDim / 2]

  Rotation(ModelSpec spec) {
    this.spec = spec;
  }

  /** Where rows with these positions stand. */
  Heads.Positions at(int[] positions) {
    int last = 0;
    for (int position : positions) {
      last = Math.max(last, position);
    }
    float[][] enough = upTo(last);
    return new Heads.Positions(positions, enough[0], enough[1]);
  }

  /** Where the rows of {@code batch} sequences stand, one after the other. */
  Heads.Positions ofSequences(int batch, int time) {
    int[] positions = new int[batch * time];
    for (int row = 0; row < positions.length; row++) {
      positions[row] = row % time;
    }
    return at(positions);
  }

  private float[][] upTo(int position) {
    int half = spec.headDim() / 2;
    float[][] known = angles;
    if (known[0].length < (position + 1) * half) {
      known = computed(Math.min(spec.maxContextLength(), Math.max(64, 2 * (position + 1))));
      angles = known;
    }
    return known;
  }

  private float[][] computed(int positions) {
    int half = spec.headDim() / 2;
    float[][] result = new float[2][Math.multiplyExact(positions, half)];
    for (int i = 0; i < half; i++) {
      double plain = StrictMath.pow(spec.ropeTheta(), -2.0 * i / spec.headDim());
      double frequency = spec.ropeScaling().scaled(plain);
      for (int position = 0; position < positions; position++) {
        result[0][position * half + i] = (float) StrictMath.cos(position * frequency);
        result[1][position * half + i] = (float) StrictMath.sin(position * frequency);
      }
    }
    return result;
  }
}
