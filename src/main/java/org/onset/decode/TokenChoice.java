package org.onset.decode;

import java.util.random.RandomGenerator;

/** Chooses a row's next token from the logits, [vocab]. */
interface TokenChoice {
  TokenChoice GREEDY = (logits, _) -> Logits.mostLikely(logits);

  int choose(float[] logits, RandomGenerator random);

  /** One of the {@code k} most likely. */
  static TokenChoice topK(int k, double temperature) {
    return (logits, random) -> {
      int[] ranked = Logits.mostLikely(logits, k);
      return ranked[draw(weights(logits, ranked, temperature), ranked.length, random)];
    };
  }

  /**
   * One of the fewest most likely that together reach {@code p}. They are looked for among ever
   * more of the most likely tokens, since mostly a few are enough.
   */
  static TokenChoice topP(double p, double temperature) {
    return (logits, random) -> {
      double needed = p * totalWeight(logits, temperature);
      for (int count = 32; ; count *= 8) {
        int[] ranked = Logits.mostLikely(logits, Math.min(count, logits.length));
        double[] weights = weights(logits, ranked, temperature);
        int nucleus = reaching(needed, weights);
        if (nucleus <= ranked.length || ranked.length == logits.length) {
          return ranked[draw(weights, Math.min(nucleus, ranked.length), random)];
        }
      }
    };
  }

  /** How many of the weights add up to {@code needed}; one more than there are if all don't. */
  private static int reaching(double needed, double[] weights) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      if (sum >= needed) {
        return i + 1;
      }
    }
    return weights.length + 1;
  }

  /** Unnormalised probabilities at the temperature, that of the first ranked token being 1. */
  private static double[] weights(float[] logits, int[] ranked, double temperature) {
    double[] weights = new double[ranked.length];
    for (int rank = 0; rank < ranked.length; rank++) {
      weights[rank] = weight(logits[ranked[rank]], logits[ranked[0]], temperature);
    }
    return weights;
  }

  private static double totalWeight(float[] logits, double temperature) {
    float max = logits[Logits.mostLikely(logits)];
    double total = 0;
    for (float logit : logits) {
      total += weight(logit, max, temperature);
    }
    return total;
  }

  private static double weight(float logit, float max, double temperature) {
    return Math.exp(((double) logit - max) / temperature);
  }

  /** A place among the first {@code count}, each as likely as its weight says; one number drawn. */
  private static int draw(double[] weights, int count, RandomGenerator random) {
    double total = 0;
    for (int i = 0; i < count; i++) {
      total += weights[i];
    }
    double target = random.nextDouble() * total;
    double sum = 0;
    int last = 0; // the last of some weight: rounding may put the target at the very end
    for (int i = 0; i < count; i++) {
      if (weights[i] > 0) {
        sum += weights[i];
        last = i;
        if (target < sum) {
          return i;
        }
      }
    }
    return last;
  }
}
