package org.onset.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The model once more: slow, obvious, in doubles, one sequence at a time, from its parameters by
 * name.
 */
final class ReferenceTransformer {
  private final ModelSpec spec;
  private final double[] flat;
  private final Map<String, ParameterRange> ranges = new HashMap<>();

  ReferenceTransformer(Transformer model) {
    this(model.spec(), model.parameterRanges(), doubles(model.parameters().toFloats()));
  }

  ReferenceTransformer(ModelSpec spec, List<ParameterRange> ranges, double[] flat) {
    this.spec = spec;
    this.flat = flat;
    ranges.forEach(range -> this.ranges.put(range.name(), range));
  }

  /** The parameters, to be changed in place. */
  double[] flat() {
    return flat;
  }

  /** [layer][time][modelDim]. */
  List<double[][]> residuals(int[] tokens) {
    int time = tokens.length;
    double[][] residual = new double[time][];
    for (int t = 0; t < time; t++) {
      residual[t] = row("model.embed_tokens.weight", tokens[t]);
    }
    List<double[][]> residuals = new ArrayList<>();
    residuals.add(residual);
    for (int layer = 0; layer < spec.layerCount(); layer++) {
      String prefix = "model.layers." + layer + ".";
      residual = sum(residual, attention(prefix, residual));
      residual = sum(residual, feedForward(prefix, residual));
      residuals.add(residual);
    }
    return residuals;
  }

  /** [time][vocab]. */
  double[][] logits(int[] tokens) {
    double[][] last = norm("model.norm.weight", residuals(tokens).getLast());
    return product(last, spec.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
  }

  /** Entry t is of token t + 1. */
  double[] logProbabilities(int[] tokens) {
    double[][] logits = logits(tokens);
    double[] result = new double[tokens.length - 1];
    for (int t = 0; t < result.length; t++) {
      double sum = 0;
      for (double logit : logits[t]) {
        sum += Math.exp(logit);
      }
      result[t] = logits[t][tokens[t + 1]] - Math.log(sum);
    }
    return result;
  }

  double loss(int[][] tokens, boolean[][] trained) {
    double loss = 0;
    for (int row = 0; row < tokens.length; row++) {
      double[] logProbabilities = logProbabilities(tokens[row]);
      for (int t = 0; t < logProbabilities.length; t++) {
        loss -= trained[row][t + 1] ? logProbabilities[t] : 0;
      }
    }
    return loss;
  }

  private double[][] attention(String prefix, double[][] residual) {
    double[][] normed = norm(prefix + "input_layernorm.weight", residual);
    double[][] query = projection(normed, prefix + "self_attn.q_");
    double[][] key = projection(normed, prefix + "self_attn.k_");
    double[][] value = projection(normed, prefix + "self_attn.v_");
    int headDim = spec.headDim();
    double[][] mixed = new double[residual.length][spec.headCount() * headDim];
    for (int head = 0; head < spec.headCount(); head++) {
      int kvHead = head / (spec.headCount() / spec.kvHeadCount());
      for (int t = 0; t < residual.length; t++) {
        double[] turned = rotated(query[t], head, t);
        double[] weights = new double[t + 1];
        double total = 0;
        for (int s = 0; s <= t; s++) {
          double[] seen = rotated(key[s], kvHead, s);
          double score = 0;
          for (int i = 0; i < headDim; i++) {
            score += turned[i] * seen[i];
          }
          weights[s] = Math.exp(score / Math.sqrt(headDim));
          total += weights[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int i = 0; i < headDim; i++) {
            mixed[t][head * headDim + i] += weights[s] / total * value[s][kvHead * headDim + i];
          }
        }
      }
    }
    return product(mixed, prefix + "self_attn.o_proj.weight");
  }

  /** With its bias, where there is one, and each head normed, where there is a norm. */
  private double[][] projection(double[][] normed, String prefix) {
    double[][] result = product(normed, prefix + "proj.weight");
    if (ranges.containsKey(prefix + "proj.bias")) {
      double[] bias = row(prefix + "proj.bias", 0);
      for (double[] ofToken : result) {
        for (int i = 0; i < bias.length; i++) {
          ofToken[i] += bias[i];
        }
      }
    }
    if (ranges.containsKey(prefix + "norm.weight")) {
      int headDim = spec.headDim();
      for (double[] ofToken : result) {
        for (int from = 0; from < ofToken.length; from += headDim) {
          double[][] head = {Arrays.copyOfRange(ofToken, from, from + headDim)};
          System.arraycopy(norm(prefix + "norm.weight", head)[0], 0, ofToken, from, headDim);
        }
      }
    }
    return result;
  }

  private double[] rotated(double[] heads, int head, int position) {
    int half = spec.headDim() / 2;
    double[] result = new double[spec.headDim()];
    for (int i = 0; i < half; i++) {
      double frequency = 1 / Math.pow(spec.ropeTheta(), i / (double) half);
      double angle = position * spec.ropeScaling().scaled(frequency);
      double first = heads[head * spec.headDim() + i];
      double second = heads[head * spec.headDim() + i + half];
      result[i] = first * Math.cos(angle) - second * Math.sin(angle);
      result[i + half] = second * Math.cos(angle) + first * Math.sin(angle);
    }
    return result;
  }

  private double[][] feedForward(String prefix, double[][] residual) {
    double[][] normed = norm(prefix + "post_attention_layernorm.weight", residual);
    double[][] gate = product(normed, prefix + "mlp.gate_proj.weight");
    double[][] up = product(normed, prefix + "mlp.up_proj.weight");
    for (int t = 0; t < gate.length; t++) {
      for (int i = 0; i < gate[t].length; i++) {
        gate[t][i] = gate[t][i] / (1 + Math.exp(-gate[t][i])) * up[t][i];
      }
    }
    return product(gate, prefix + "mlp.down_proj.weight");
  }

  private double[][] norm(String name, double[][] rows) {
    double[] gain = row(name, 0);
    double[][] result = new double[rows.length][gain.length];
    for (int t = 0; t < rows.length; t++) {
      double squares = 0;
      for (double x : rows[t]) {
        squares += x * x;
      }
      double scale = 1 / Math.sqrt(squares / gain.length + spec.normEpsilon());
      for (int i = 0; i < gain.length; i++) {
        result[t][i] = rows[t][i] * scale * gain[i];
      }
    }
    return result;
  }

  private double[][] product(double[][] rows, String name) {
    ParameterRange range = requireNonNull(ranges.get(name), name);
    double[][] result = new double[rows.length][(int) range.rows()];
    for (int out = 0; out < range.rows(); out++) {
      double[] weights = row(name, out);
      for (int t = 0; t < rows.length; t++) {
        for (int i = 0; i < weights.length; i++) {
          result[t][out] += rows[t][i] * weights[i];
        }
      }
    }
    return result;
  }

  private double[] row(String name, int row) {
    ParameterRange range = requireNonNull(ranges.get(name), name);
    double[] result = new double[(int) range.columns()];
    System.arraycopy(
        flat, (int) (range.offset() + row * range.columns()), result, 0, result.length);
    return result;
  }

  private static double[][] sum(double[][] a, double[][] b) {
    double[][] result = new double[a.length][a[0].length];
    for (int t = 0; t < a.length; t++) {
      for (int i = 0; i < a[t].length; i++) {
        result[t][i] = a[t][i] + b[t][i];
      }
    }
    return result;
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }
}
