package org.onset.probe;

import java.util.stream.IntStream;

/**
 * An L2-regularised logistic regression on features standardised by the training rows, fitted to
 * convergence by Newton's method. Each Newton step is solved by conjugate gradients, which never
 * form the Hessian: a fit costs rows × dims a product, whichever of the two is larger.
 */
public final class LinearProbe {
  private static final double GRADIENT_TOLERANCE = 1e-10;
  private static final int MAX_NEWTON_STEPS = 200;

  /** A spread this small beside the mean is rounding of float32 activations, not a feature. */
  private static final double CONSTANT = 1e-6;

  private final double[] means;
  private final double[] scales;
  private final double[] weights; // of the standardised features; the intercept comes last

  private LinearProbe(double[] means, double[] scales, double[] weights) {
    this.means = means;
    this.scales = scales;
    this.weights = weights;
  }

  /**
   * Minimises the mean logistic loss plus {@code l2/2 · |w|²} over the weights w of the
   * standardised features; the intercept is not penalised. Both classes must occur, and {@code l2}
   * be above 0: then there is exactly one minimum, also where the classes can be separated.
   *
   * @param x one row per text, {@code [row][dim]}
   */
  public static LinearProbe fit(float[][] x, boolean[] y, double l2) {
    check(x, y, l2);
    int dims = x[0].length;
    double[] means = new double[dims];
    double[] scales = new double[dims];
    for (int dim = 0; dim < dims; dim++) {
      double sum = 0;
      for (float[] row : x) {
        sum += row[dim];
      }
      means[dim] = sum / x.length;
      double squares = 0;
      for (float[] row : x) {
        squares += (row[dim] - means[dim]) * (row[dim] - means[dim]);
      }
      double sd = Math.sqrt(squares / x.length);
      scales[dim] = sd <= CONSTANT * Math.abs(means[dim]) ? 0 : 1 / sd;
    }
    double[][] standardised = new double[x.length][];
    for (int row = 0; row < x.length; row++) {
      standardised[row] = standardise(x[row], means, scales);
    }
    return new LinearProbe(means, scales, minimise(new Objective(standardised, y, l2)));
  }

  /** The log-odds that {@code row} is positive. */
  public double score(float[] row) {
    if (row.length != means.length) {
      throw new IllegalArgumentException(
          "the probe reads [%d], the row is [%d]".formatted(means.length, row.length));
    }
    return logOdds(standardise(row, means, scales), weights);
  }

  /** Of the standardised features, the intercept last. */
  double[] weights() {
    return weights.clone();
  }

  private static double[] minimise(Objective objective) {
    double[] weights = new double[objective.size()];
    for (int step = 0; step < MAX_NEWTON_STEPS; step++) {
      double[] chances = objective.chances(weights);
      double[] gradient = objective.gradient(weights, chances);
      if (norm(gradient) <= GRADIENT_TOLERANCE) {
        return weights;
      }
      double[] direction = objective.newtonDirection(gradient, chances);
      weights = lineSearch(objective, weights, direction, dot(gradient, direction));
    }
    throw new IllegalStateException(
        "the probe did not converge in %d Newton steps: gradient norm %s"
            .formatted(
                MAX_NEWTON_STEPS, norm(objective.gradient(weights, objective.chances(weights)))));
  }

  /**
   * Halves the step until the loss falls by a little of what the slope promises. Near the minimum
   * the fall is lost in rounding, and the whole step is right.
   */
  private static double[] lineSearch(
      Objective objective, double[] weights, double[] direction, double slope) {
    double before = objective.loss(weights);
    double rounding = 1e-14 * Math.abs(before);
    for (double length = 1; ; length /= 2) {
      double[] next = new double[weights.length];
      for (int i = 0; i < next.length; i++) {
        next[i] = weights[i] + length * direction[i];
      }
      if (objective.loss(next) <= before + 1e-4 * length * slope + rounding) {
        return next;
      }
    }
  }

  /** The regularised loss of {@code rows}, standardised, and its derivatives. */
  private static final class Objective {
    private final double[][] rows;
    private final boolean[] positive;
    private final double l2;

    Objective(double[][] rows, boolean[] positive, double l2) {
      this.rows = rows;
      this.positive = positive;
      this.l2 = l2;
    }

    /** Weights and the intercept. */
    int size() {
      return rows[0].length + 1;
    }

    double loss(double[] weights) {
      double sum = 0;
      for (int row = 0; row < rows.length; row++) {
        double logOdds = logOdds(rows[row], weights);
        double margin = positive[row] ? logOdds : -logOdds;
        sum += Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
      }
      double squares = 0;
      for (int dim = 0; dim < size() - 1; dim++) {
        squares += weights[dim] * weights[dim];
      }
      return sum / rows.length + l2 / 2 * squares;
    }

    /** Of being positive, per row. */
    double[] chances(double[] weights) {
      return IntStream.range(0, rows.length)
          .mapToDouble(row -> 1 / (1 + Math.exp(-logOdds(rows[row], weights))))
          .toArray();
    }

    double[] gradient(double[] weights, double[] chances) {
      double[] errors = new double[rows.length];
      for (int row = 0; row < rows.length; row++) {
        errors[row] = chances[row] - (positive[row] ? 1 : 0);
      }
      return meanOverRows(errors, weights);
    }

    /** Solves Hessian · direction = −gradient closely enough to converge faster than linearly. */
    double[] newtonDirection(double[] gradient, double[] chances) {
      double[] direction = new double[size()];
      double[] residual = new double[size()];
      for (int i = 0; i < residual.length; i++) {
        residual[i] = -gradient[i];
      }
      double[] search = residual.clone();
      double squares = dot(residual, residual);
      double enough = squares * Math.clamp(squares, 1e-16, 1e-4);
      for (int i = 0; i < 10 * size() && squares > enough; i++) {
        double[] product = hessianTimes(search, chances);
        double length = squares / dot(search, product);
        add(direction, length, search);
        add(residual, -length, product);
        double next = dot(residual, residual);
        double ratio = next / squares;
        for (int j = 0; j < search.length; j++) {
          search[j] = residual[j] + ratio * search[j];
        }
        squares = next;
      }
      return direction;
    }

    private double[] hessianTimes(double[] vector, double[] chances) {
      double[] curved = new double[rows.length];
      for (int row = 0; row < rows.length; row++) {
        curved[row] = chances[row] * (1 - chances[row]) * logOdds(rows[row], vector);
      }
      return meanOverRows(curved, vector);
    }

    /** The mean of {@code factors[row] · row}, and the penalty's share for {@code weights}. */
    private double[] meanOverRows(double[] factors, double[] weights) {
      double[] result = new double[size()];
      int intercept = size() - 1;
      for (int row = 0; row < rows.length; row++) {
        for (int dim = 0; dim < intercept; dim++) {
          result[dim] += factors[row] * rows[row][dim];
        }
        result[intercept] += factors[row];
      }
      for (int dim = 0; dim < intercept; dim++) {
        result[dim] = result[dim] / rows.length + l2 * weights[dim];
      }
      result[intercept] /= rows.length;
      return result;
    }
  }

  private static double logOdds(double[] row, double[] weights) {
    double sum = weights[row.length];
    for (int dim = 0; dim < row.length; dim++) {
      sum += weights[dim] * row[dim];
    }
    return sum;
  }

  private static double[] standardise(float[] row, double[] means, double[] scales) {
    double[] standardised = new double[row.length];
    for (int dim = 0; dim < row.length; dim++) {
      standardised[dim] = (row[dim] - means[dim]) * scales[dim];
    }
    return standardised;
  }

  private static void add(double[] target, double factor, double[] vector) {
    for (int i = 0; i < target.length; i++) {
      target[i] += factor * vector[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  private static void check(float[][] x, boolean[] y, double l2) {
    if (x.length != y.length) {
      throw new IllegalArgumentException("%d rows, %d labels".formatted(x.length, y.length));
    }
    if (!(l2 > 0)) {
      throw new IllegalArgumentException("l2 must be above 0, was " + l2);
    }
    long positives = IntStream.range(0, y.length).filter(row -> y[row]).count();
    if (positives == 0 || positives == y.length) {
      throw new IllegalArgumentException(
          "a probe needs rows of both classes, got %d positive of %d"
              .formatted(positives, y.length));
    }
    for (int row = 0; row < x.length; row++) {
      if (x[row].length != x[0].length) {
        throw new IllegalArgumentException(
            "row 0 is [%d], row %d is [%d]".formatted(x[0].length, row, x[row].length));
      }
      for (float value : x[row]) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException("row %d holds %s".formatted(row, value));
        }
      }
    }
  }
}
