package org.onset.model;

import org.onset.Checked;
import org.onset.Problems;

/**
 * The sizes of a Llama-family model; {@code kvHeadCount} below {@code headCount} groups queries.
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
    boolean tiedEmbeddings)
    implements Checked {

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
  }

  /** How many numbers are trained; a tied embedding counts once. */
  public long parameterCount() {
    long attention = (long) modelDim * headDim * (2L * headCount + 2L * kvHeadCount);
    long feedForward = 3L * modelDim * feedForwardDim;
    long embedding = (long) vocabSize * modelDim;
    return embedding * (tiedEmbeddings ? 1 : 2)
        + layerCount * (attention + feedForward + 2L * modelDim)
        + modelDim;
  }
}
