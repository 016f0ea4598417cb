package org.onset.corpus.score;

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
 * give the same weights. One instance fits any number of questions about the same vectors.
 */
final class LogisticRegression {
  private static final double TOLERANCE = 1e-6;

  private final List<Vector> vectors;
  private final int dimensions;
  private final Feature[][] features;

  LogisticRegression(List<Vector> vectors, int dimensions) {
    this.vectors = vectors;
    this.dimensions = dimensions;
    this.features =
        vectors.stream().map(vector -> features(vector, dimensions + 1)).toArray(Feature[][]::new);
  }

  /**
   * The weights of 1/2 |w|² + cost · Σ loss, the intercept behind them. Both classes must be there.
   */
  double[] fit(boolean[] positive, double cost, double positiveWeight) {
    Problem problem = new Problem();
    problem.l = features.length;
    problem.n = dimensions + 1;
    problem.bias = 1;
    problem.x = features;
    problem.y = new double[problem.l];
    int positives = 0;
    for (int i = 0; i < problem.l; i++) {
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
    requireConvergence(positive, cost, positiveWeight, weights);
    return weights;
  }

  /** The probability of the positive class; with the exponential that is the same everywhere. */
  static double probability(double margin) {
    return 1 / (1 + StrictMath.exp(-margin));
  }

  private static Feature[] features(Vector vector, int bias) {
    Feature[] features = new Feature[vector.length() + 1];
    for (int i = 0; i < vector.length(); i++) {
      features[i] = new FeatureNode(vector.indices()[i] + 1, vector.values()[i]);
    }
    features[vector.length()] = new FeatureNode(bias, 1);
    return features;
  }

  private void requireConvergence(
      boolean[] positive, double cost, double positiveWeight, double[] weights) {
    double atZero = gradientNorm(positive, cost, positiveWeight, new double[weights.length]);
    double here = gradientNorm(positive, cost, positiveWeight, weights);
    if (!(here <= 2 * TOLERANCE * atZero)) {
      throw new IllegalStateException(
          "the regression did not converge: its gradient is %s of %s".formatted(here, atZero));
    }
  }

  double gradientNorm(boolean[] positive, double cost, double positiveWeight, double[] weights) {
    double[] gradient = weights.clone();
    int bias = weights.length - 1;
    gradient[bias] = 0;
    for (int i = 0; i < positive.length; i++) {
      Vector vector = vectors.get(i);
      double error = probability(vector.dot(weights) + weights[bias]) - (positive[i] ? 1 : 0);
      double slope = cost * (positive[i] ? positiveWeight : 1) * error;
      for (int j = 0; j < vector.length(); j++) {
        gradient[vector.indices()[j]] += slope * vector.values()[j];
      }
      gradient[bias] += slope;
    }
    return Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
  }
}
