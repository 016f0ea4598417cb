package org.onset.stats;

import java.util.SplittableRandom;
import org.onset.Seeds;

/**
 * Studies drawn from a logistic model with seed and prompt effects, whose true rates are known:
 * what the intervals and tests are measured against.
 *
 * @param rate the share over all seeds and prompts that could be drawn
 * @param seedSd standard deviation, in log-odds, of an arm's seeds
 * @param promptSd standard deviation, in log-odds, of the prompts
 */
record SimulatedStudy(int seeds, int prompts, double rate, double seedSd, double promptSd) {

  /** Arms of a study differ on a prompt beyond chance by this much, in log-odds. */
  private static final double ARM_BY_PROMPT_SD = 0.3;

  /** The share of an arm's seed variance that it has in common with the other arms. */
  private static final double SHARED_SEED_VARIANCE = 0.3;

  /** How often, in {@code studies} of them, the interval of one arm holds its true rate. */
  double coverage(int studies, int samplesPerPrompt) {
    SplittableRandom random = generator("coverage/" + samplesPerPrompt);
    double center = logOddsWithMean(rate, Math.hypot(seedSd, promptSd));
    int held = 0;
    for (int study = 0; study < studies; study++) {
      double[] promptEffects = normals(prompts, promptSd, random);
      double[] seedEffects = normals(seeds, seedSd, random);
      double[][] values = arm(center, seedEffects, promptEffects, samplesPerPrompt, random);
      if (holds(Intervals.proportion(values), rate)) {
        held++;
      }
    }
    return held / (double) studies;
  }

  /** How often the interval of a difference between arms at {@code rate + difference} holds it. */
  double contrastCoverage(int studies, double difference) {
    SplittableRandom random = generator("contrast/" + difference);
    double ofBaseline = centerOfArm(rate);
    double ofArm = centerOfArm(rate + difference);
    int held = 0;
    for (int study = 0; study < studies; study++) {
      Arms arms = new Arms(random);
      double[][] baseline = arms.draw(ofBaseline);
      double[][] arm = arms.draw(ofArm);
      if (holds(Contrasts.paired(arm, baseline).difference(), difference)) {
        held++;
      }
    }
    return held / (double) studies;
  }

  /** How often, without any effect, Holm finds one among arms compared with the same baseline. */
  double familyError(int studies, int contrasts) {
    SplittableRandom random = generator("family/" + contrasts);
    double center = centerOfArm(rate);
    int wrong = 0;
    for (int study = 0; study < studies; study++) {
      Arms arms = new Arms(random);
      double[][] baseline = arms.draw(center);
      double[] p = new double[contrasts];
      for (int i = 0; i < contrasts; i++) {
        p[i] = Contrasts.paired(arms.draw(center), baseline).p().orElseThrow();
      }
      for (double adjusted : Holm.adjust(p)) {
        if (adjusted <= 0.05) {
          wrong++;
          break;
        }
      }
    }
    return wrong / (double) studies;
  }

  private double centerOfArm(double ownRate) {
    return logOddsWithMean(ownRate, Math.hypot(Math.hypot(seedSd, promptSd), ARM_BY_PROMPT_SD));
  }

  /** The arms of one study: they share prompts and, in part, what a seed brings. */
  private final class Arms {
    private final double[] promptEffects;
    private final double[] sharedSeedEffects;
    private final SplittableRandom random;

    Arms(SplittableRandom random) {
      this.random = random;
      this.promptEffects = normals(prompts, promptSd, random);
      this.sharedSeedEffects = normals(seeds, seedSd * Math.sqrt(SHARED_SEED_VARIANCE), random);
    }

    double[][] draw(double center) {
      double ownSd = seedSd * Math.sqrt(1 - SHARED_SEED_VARIANCE);
      double[] ofSeeds = plus(sharedSeedEffects, normals(seeds, ownSd, random));
      double[] ofPrompts = plus(promptEffects, normals(prompts, ARM_BY_PROMPT_SD, random));
      return arm(center, ofSeeds, ofPrompts, 1, random);
    }
  }

  /** The same studies every time, and others in every cell. */
  private SplittableRandom generator(String purpose) {
    return new Seeds(1).generator(this + "/" + purpose);
  }

  private static double[][] arm(
      double center,
      double[] seedEffects,
      double[] promptEffects,
      int samples,
      SplittableRandom random) {
    double[][] values = new double[seedEffects.length][promptEffects.length];
    for (int seed = 0; seed < seedEffects.length; seed++) {
      for (int prompt = 0; prompt < promptEffects.length; prompt++) {
        double chance = logistic(center + seedEffects[seed] + promptEffects[prompt]);
        int complied = 0;
        for (int sample = 0; sample < samples; sample++) {
          if (random.nextDouble() < chance) {
            complied++;
          }
        }
        values[seed][prompt] = complied / (double) samples;
      }
    }
    return values;
  }

  private static boolean holds(Estimate estimate, double truth) {
    return switch (estimate) {
      case Estimate.Interval interval -> interval.low() <= truth && truth <= interval.high();
      case Estimate.Point _, Estimate.Unmeasured _ -> false;
    };
  }

  /**
   * The log-odds around which normal effects of this standard deviation average to {@code rate}.
   */
  private static double logOddsWithMean(double rate, double sd) {
    double low = -20;
    double high = 20;
    while (high - low > 1e-9) {
      double middle = (low + high) / 2;
      if (meanOfLogistic(middle, sd) < rate) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double meanOfLogistic(double center, double sd) {
    double sum = 0;
    double weights = 0;
    for (int i = -80; i <= 80; i++) {
      double z = i / 10.0;
      double weight = Math.exp(-z * z / 2);
      sum += weight * logistic(center + sd * z);
      weights += weight;
    }
    return sum / weights;
  }

  private static double[] normals(int count, double sd, SplittableRandom random) {
    double[] drawn = new double[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = sd * random.nextGaussian();
    }
    return drawn;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  private static double logistic(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }
}
