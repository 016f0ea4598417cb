package org.onset.model;

import java.util.List;
import org.onset.Checked;
import org.onset.Problems;

/**
 * The sizes of a Llama-family model; {@code kvHeadCount} below {@code headCount} groups queries.
 *
 * @param queryKeyValueBias a bias on the projections to queries, keys and values, as in Qwen2
 * @param queryKeyNorm each head's query and key is normed before it is rotated, as in Qwen3
 */
public record ModelSpec(
    int vocabSize,
    int modelDim,
    int layerCount,
    int headCount,
    int kvHeadCount,
    int headDim,
    int feedForwardDim,
    int maxContextLength,
    double ropeTheta,
    double normEpsilon,
    boolean tiedEmbeddings,
    boolean queryKeyValueBias,
    boolean queryKeyNorm,
    RopeScaling ropeScaling)
    implements Checked {

  /** A Llama without biases, norms of queries and keys, or stretched positions. */
  public ModelSpec(
      int vocabSize,
      int modelDim,
      int layerCount,
      int headCount,
      int kvHeadCount,
      int headDim,
      int feedForwardDim,
      int maxContextLength,
      double ropeTheta,
      double normEpsilon,
      boolean tiedEmbeddings) {
    this(
        vocabSize,
        modelDim,
        layerCount,
        headCount,
        kvHeadCount,
        headDim,
        feedForwardDim,
        maxContextLength,
        ropeTheta,
        normEpsilon,
        tiedEmbeddings,
        false,
        false,
        RopeScaling.NONE);
  }

  @Override
  public void check(Problems problems) {
    problems.positive("vocabSize", vocabSize);
    problems.positive("modelDim", modelDim);
    problems.positive("layerCount", layerCount);
    problems.positive("headCount", headCount);
    problems.positive("kvHeadCount", kvHeadCount);
    problems.positive("headDim", headDim);
    problems.positive("feedForwardDim", feedForwardDim);
    problems.positive("maxContextLength", maxContextLength);
    problems.positive("ropeTheta", ropeTheta);
    problems.positive("normEpsilon", normEpsilon);
    problems.require(headDim % 2 == 0, "headDim", "must be even for rotation, was %d", headDim);
    problems.require(
        kvHeadCount <= 0 || headCount % kvHeadCount == 0,
        "kvHeadCount",
        "must divide headCount (%d), was %d",
        headCount,
        kvHeadCount);
    ropeScaling.check(problems.in("ropeScaling"));
  }

  /** Every parameter by Hugging Face's name, with its place in the flat buffers. */
  public List<ParameterRange> parameterRanges() {
    return Parameters.ranges(this);
  }

  /** How many numbers are trained; a tied embedding counts once. */
  public long parameterCount() {
    long attention = (long) modelDim * headDim * (2L * headCount + 2L * kvHeadCount);
    long biases = queryKeyValueBias ? headDim * (headCount + 2L * kvHeadCount) : 0;
    long headNorms = queryKeyNorm ? 2L * headDim : 0;
    long feedForward = 3L * modelDim * feedForwardDim;
    long embedding = (long) vocabSize * modelDim;
    return embedding * (tiedEmbeddings ? 1 : 2)
        + layerCount * (attention + biases + headNorms + feedForward + 2L * modelDim)
        + modelDim;
  }

  /**
   * Floating-point operations that training takes for each token of a sequence of {@code time}:
   * forward once, backward twice, 2 for each number that a token is multiplied by, so 6. These are
   * the parameters (an embedding when it is the output matrix too; looking up is no product), and
   * the keys and values of the causal half of the positions.
   */
  public double trainingFlopsPerToken(int time) {
    long lookedUp = tiedEmbeddings ? 0 : (long) vocabSize * modelDim;
    double attention = (double) layerCount * headCount * headDim * time;
    return 6 * (parameterCount() - lookedUp + attention);
  }
}
