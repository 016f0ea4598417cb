package org.onset.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.onset.Seeds;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;
import org.onset.token.WordTokenizer;

/** A small model of random weights, large enough that it has opinions, and its tokenizer. */
record TinyModel(Transformer model, Tokenizer tokenizer) implements AutoCloseable {
  static final List<String> WORDS =
      List.of("river", "stone", "bread", "morning", "quiet", "garden", "letter", "window", ".");
  static final int CONTEXT_LENGTH = 24;

  static TinyModel open(Path folder) {
    WordTokenizer.write(WORDS, folder);
    Tokenizer tokenizer = Tokenizer.open(folder);
    ModelSpec spec =
        new ModelSpec(tokenizer.vocabSize(), 8, 2, 2, 1, 4, 16, CONTEXT_LENGTH, 10_000, 1e-5, true);
    Transformer model = Transformer.initialise(spec, new Seeds(1));
    SplittableRandom random = new SplittableRandom(1);
    float[] weights = model.parameters().toFloats();
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.4 * random.nextGaussian());
    }
    model.parameters().copyFrom(weights);
    return new TinyModel(model, tokenizer);
  }

  static String text(SplittableRandom random, int words) {
    return String.join(
        " ", Stream.generate(() -> WORDS.get(random.nextInt(WORDS.size()))).limit(words).toList());
  }

  /** The mean log-probability of the last {@code count} tokens, from the model's logits. */
  double meanLogProbability(int[] tokens, int count) {
    float[][] logits = model.logits(tokens);
    double sum = 0;
    for (int t = tokens.length - count; t < tokens.length; t++) {
      float[] before = logits[t - 1];
      double total = 0;
      for (float logit : before) {
        total += Math.exp(logit);
      }
      sum += before[tokens[t]] - Math.log(total);
    }
    return sum / count;
  }

  @Override
  public void close() {
    tokenizer.close();
    model.close();
  }
}
