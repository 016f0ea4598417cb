package org.onset.tensor;

/** The natural logarithm of summed exponentials. */
public final class LogSumExp {
  private LogSumExp() {}

  /**
   * ln Σ exp(x), to some 10⁻⁷: exponentials are float32's, their sum is in double precision. Not
   * finite where a value isn't a number or infinite, or all are −∞.
   */
  public static double of(float[] values) {
    int whole = values.length - values.length % Lanes.LANES;
    float max = Floats.max(values, 0, whole);
    for (int i = whole; i < values.length; i++) {
      max = Math.max(max, values[i]);
    }
    double sum = Floats.sumOfExponentials(values, whole, max);
    for (int i = whole; i < values.length; i++) {
      sum += Math.exp((double) values[i] - max);
    }
    return max + Math.log(sum);
  }
}
