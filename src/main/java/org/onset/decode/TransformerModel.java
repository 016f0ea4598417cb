package org.onset.decode;

import org.onset.model.Decoding;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;

/** The transformer as a {@link LanguageModel}. */
record TransformerModel(Transformer transformer) implements LanguageModel {
  @Override
  public int vocabSize() {
    return transformer.spec().vocabSize();
  }

  @Override
  public int maxContextLength() {
    return transformer.spec().maxContextLength();
  }

  @Override
  public long cacheBytesPerToken() {
    ModelSpec spec = transformer.spec();
    return 2L
        * transformer.computedIn().bytes()
        * spec.layerCount()
        * spec.kvHeadCount()
        * spec.headDim();
  }

  @Override
  public Rows rows(int count, int maxLength) {
    return new CachedRows(transformer.decoding(count, maxLength));
  }

  private record CachedRows(Decoding decoding) implements Rows {
    @Override
    public float[][] prefill(int[][] prompts) {
      return decoding.prefill(prompts);
    }

    @Override
    public float[][] step(int[] tokens) {
      return decoding.step(tokens);
    }

    @Override
    public void reorder(int[] sourceRows) {
      decoding.reorder(sourceRows);
    }

    @Override
    public float[][][] lookahead(int[][] candidates) {
      return decoding.lookahead(candidates);
    }

    @Override
    public void advance(int[] sourceRows, int[] candidateIndex) {
      decoding.advance(sourceRows, candidateIndex);
    }

    @Override
    public void close() {
      decoding.close();
    }
  }
}
