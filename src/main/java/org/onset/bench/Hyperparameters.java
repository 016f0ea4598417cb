package org.onset.bench;

/** AdamW's numbers, the same on both sides: the quick start's, but for a smaller learning rate. */
final class Hyperparameters {
  static final double LEARNING_RATE = 1e-4;
  static final double BETA1 = 0.9;
  static final double BETA2 = 0.95;
  static final double EPSILON = 1e-8;
  static final double WEIGHT_DECAY = 0.1;
  static final double CLIP_NORM = 1.0;

  private Hyperparameters() {}
}
