package org.onset.corpus;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * L2-regularised logistic regression, fitted by liblinear's Newton method until the gradient is a
 * millionth of that at zero. The intercept is not regularised. The same vectors in the same order
 * give the same weights.
 */
final class LogisticRegression {
  private static final double TOLERANCE = 1e-6;

  private LogisticRegression() {}

  /**
   * The weights of 1/2 |w|² + cost · Σ loss, the intercept behind them. Both classes must be there.
   */
  static double[] fit(
      List<HashedGrams.Vector> vectors,
      boolean[] positive,
      int dimensions,
      double cost,
      double positiveWeight) {
    Problem problem = new Problem();
    problem.l = vectors.size();
    problem.n = dimensions + 1;
    problem.bias = 1;
    problem.x = new Feature[problem.l][];
    problem.y = new double[problem.l];
    int positives = 0;
    for (int i = 0; i < problem.l; i++) {
      problem.x[i] = features(vectors.get(i), problem.n);
      problem.y[i] = positive[i] ? 1 : -1;
      positives += positive[i] ? 1 : 0;
    }
    // liblinear's tolerance is relative to the share of the rarer class; ours isn't
    double rarer = (double) Math.min(positives, problem.l - positives) / problem.l;
    Parameter parameter = new Parameter(SolverType.L2R_LR, cost, TOLERANCE / rarer);
    parameter.setRegularizeBias(false);
    parameter.setWeights(new double[] {positiveWeight}, new int[] {1});
    parameter.setRandom(new Random(0)); // this solver draws nothing; by default all share one
    Linear.disableDebugOutput();
    Model model = Linear.train(problem, parameter);

    double[] weights = model.getFeatureWeights();
    if (model.getLabels()[0] != 1) { // the weights speak for the label met first
      weights = Arrays.stream(weights).map(weight -> -weight).toArray();
    }
    requireConvergence(vectors, positive, cost, positiveWeight, weights);
    return weights;
  }

  /** The probability of the positive class. */
  static double probability(double[] weights, HashedGrams.Vector vector) {
    return 1 / (1 + Math.exp(-(vector.dot(weights) + weights[weights.length - 1])));
  }

  private static Feature[] features(HashedGrams.Vector vector, int bias) {
    Feature[] features = new Feature[vector.indices.length + 1];
    for (int i = 0; i < vector.indices.length; i++) {
      features[i] = new FeatureNode(vector.indices[i] + 1, vector.values[i]);
    }
    features[vector.indices.length] = new FeatureNode(bias, 1);
    return features;
  }

  private static void requireConvergence(
      List<HashedGrams.Vector> vectors,
      boolean[] positive,
      double cost,
      double positiveWeight,
      double[] weights) {
    double atZero =
        gradientNorm(vectors, positive, cost, positiveWeight, new double[weights.length]);
    double here = gradientNorm(vectors, positive, cost, positiveWeight, weights);
    if (!(here <= 2 * TOLERANCE * atZero)) {
      throw new IllegalStateException(
          "the regression did not converge: its gradient is %s of %s".formatted(here, atZero));
    }
  }

  static double gradientNorm(
      List<HashedGrams.Vector> vectors,
      boolean[] positive,
      double cost,
      double positiveWeight,
      double[] weights) {
    double[] gradient = weights.clone();
    int bias = weights.length - 1;
    gradient[bias] = 0;
    for (int i = 0; i < positive.length; i++) {
      HashedGrams.Vector vector = vectors.get(i);
      double error = probability(weights, vector) - (positive[i] ? 1 : 0);
      double slope = cost * (positive[i] ? positiveWeight : 1) * error;
      for (int j = 0; j < vector.indices.length; j++) {
        gradient[vector.indices[j]] += slope * vector.values[j];
      }
      gradient[bias] += slope;
    }
    return Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
  }
}
