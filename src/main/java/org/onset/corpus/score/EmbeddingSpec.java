package org.onset.corpus.score;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Checked;
import org.onset.Fingerprint;
import org.onset.Problems;

/**
 * How a safety scorer on sentence embeddings reads texts and learns.
 *
 * @param model a folder with {@code model.onnx} (there or in {@code onnx/}) and {@code
 *     tokenizer.json}, or the ONNX file itself; absent: all-MiniLM-L6-v2, which is built in
 * @param tokenizer the {@code tokenizer.json}; absent: the one in the model's folder
 * @param maxTokens longer texts are represented in chunks of at most so many tokens, special ones
 *     included, and the highest score counts
 * @param pooling how the vectors of a chunk's tokens become one
 * @param cost what a unit of loss costs beside half the squared length of the weights
 * @param unsafeWeight how much more the loss of a text at or above a level counts than that of one
 *     below: the paper's λ
 * @param threshold a level is given from this probability on
 */
public record EmbeddingSpec(
    @Nullable Path model,
    @Nullable Path tokenizer,
    int maxTokens,
    Pooling pooling,
    double cost,
    double unsafeWeight,
    double threshold)
    implements Checked {

  /** What stands for a chunk: the mean over its tokens, or its first token. */
  public enum Pooling {
    MEAN,
    CLS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The built-in model; the cost served best on held-out quarters of labelled texts. */
  public static EmbeddingSpec standard() {
    return new EmbeddingSpec(null, null, 256, Pooling.MEAN, 3, 1, 0.5);
  }

  @Override
  public void check(Problems problems) {
    problems.require(
        model != null || tokenizer == null,
        "tokenizer",
        "belongs to a model, but no `model` is named; name it too, or neither for the built-in one");
    problems.within("maxTokens", maxTokens, 8, 8_192);
    problems.positive("cost", cost);
    problems.positive("unsafeWeight", unsafeWeight);
    problems.require(
        threshold > 0 && threshold < 1, "threshold", "must lie between 0 and 1, was %s", threshold);
  }

  /**
   * Looks for the model's files.
   *
   * @throws BadInput with every file that is missing
   */
  public void requireFiles() {
    ModelFiles.of(this);
  }

  /**
   * The SHA-256 of the settings and of what the model's files hold, wherever they lie; reads them
   * whole.
   */
  public String fingerprint() {
    ModelFiles files = ModelFiles.of(this);
    return Fingerprint.of(
        String.join(
            "/",
            ModelFiles.digest(files.model()),
            ModelFiles.digest(files.tokenizer()),
            Integer.toString(maxTokens),
            pooling.toString(),
            Double.toString(cost),
            Double.toString(unsafeWeight),
            Double.toString(threshold)));
  }
}
