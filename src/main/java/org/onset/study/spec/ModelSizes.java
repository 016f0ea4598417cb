package org.onset.study.spec;

import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.model.ModelSpec;

/**
 * The transformer's sizes; the vocabulary comes from the tokenizer. {@code headDim} defaults to
 * modelDim / headCount.
 */
public record ModelSizes(
    int modelDim,
    int layerCount,
    int headCount,
    int kvHeadCount,
    @Nullable Integer headDim,
    int feedForwardDim,
    double ropeTheta,
    double normEpsilon,
    boolean tiedEmbeddings)
    implements Checked {
  /** Above every model there is, and small enough that a count of parameters stays a number. */
  private static final int LARGEST = 65_536;

  private static final int MOST_LAYERS = 1_024;
  private static final int LARGEST_FEED_FORWARD = 1 << 20;

  /** The whole model, once the vocabulary is known. */
  public ModelSpec spec(int vocabSize, int maxContextLength) {
    return spec(headDim == null ? modelDim / headCount : headDim, vocabSize, maxContextLength);
  }

  private ModelSpec spec(int eachHead, int vocabSize, int maxContextLength) {
    return new ModelSpec(
        vocabSize,
        modelDim,
        layerCount,
        headCount,
        kvHeadCount,
        eachHead,
        feedForwardDim,
        maxContextLength,
        ropeTheta,
        normEpsilon,
        tiedEmbeddings);
  }

  @Override
  public void check(Problems problems) {
    boolean cut = headDim == null && headCount > 0 && modelDim > 0;
    problems.require(
        !cut || modelDim % (2L * headCount) == 0,
        "headCount",
        "must cut modelDim (%d) into heads of an even size, was %d; change it, or give headDim",
        modelDim,
        headCount);
    int anyEvenSize = 2;
    spec(headDim == null ? anyEvenSize : headDim, 1, 1).check(problems);
    atMost(problems, "modelDim", modelDim, LARGEST);
    atMost(problems, "layerCount", layerCount, MOST_LAYERS);
    atMost(problems, "headCount", headCount, LARGEST);
    atMost(problems, "kvHeadCount", kvHeadCount, LARGEST);
    atMost(problems, "headDim", headDim == null ? anyEvenSize : headDim, LARGEST);
    atMost(problems, "feedForwardDim", feedForwardDim, LARGEST_FEED_FORWARD);
  }

  private static void atMost(Problems problems, String field, int value, int most) {
    problems.require(value <= most, field, "must be at most %d, was %d", most, value);
  }
}
