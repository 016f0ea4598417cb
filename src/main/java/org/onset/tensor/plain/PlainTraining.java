package org.onset.tensor.plain;

import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import java.util.function.BiFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Training steps as one writes them first: whole logits, autograd, libtorch's own loss, clipping
 * and AdamW, in float32. Belongs to one thread.
 */
public final class PlainTraining implements AutoCloseable {
  /** A model with tied embeddings, and {@code time}, the length of the sequences it trains on. */
  public record Sizes(
      int vocabSize,
      int modelDim,
      int layerCount,
      int headCount,
      int kvHeadCount,
      int headDim,
      int feedForwardDim,
      int time,
      double ropeTheta,
      double normEpsilon) {}

  /** AdamW's numbers; norms don't decay. */
  public record Optimizer(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double clipNorm) {}

  private final PlainTransformer model;
  private final double clipNorm;
  private final TensorVector all;
  private final AdamW decayed;
  private final AdamW undecayed;

  /**
   * @param weights gives a parameter's values by its name in a Hugging Face folder, and its shape
   * @param threads that libtorch computes on
   */
  public PlainTraining(
      Sizes sizes, Optimizer optimizer, BiFunction<String, long[], float[]> weights, int threads) {
    torch.set_num_threads(threads);
    openblas.blas_set_num_threads(threads);
    this.model = new PlainTransformer(sizes, weights);
    this.clipNorm = optimizer.clipNorm;
    TensorVector matrices = model.parameters(true);
    TensorVector norms = model.parameters(false);
    this.all = new TensorVector();
    for (TensorVector group : new TensorVector[] {matrices, norms}) {
      for (long i = 0; i < group.size(); i++) {
        all.push_back(group.get(i));
      }
    }
    this.decayed = new AdamW(matrices, options(optimizer, optimizer.weightDecay));
    this.undecayed = new AdamW(norms, options(optimizer, 0));
  }

  private static AdamWOptions options(Optimizer optimizer, double weightDecay) {
    AdamWOptions options = new AdamWOptions(optimizer.learningRate);
    // A std::tuple, which libstdc++ lays out with its last element first.
    boolean reversed = options.betas().get(0) > options.betas().get(1);
    options.betas().put(reversed ? 1 : 0, optimizer.beta1);
    options.betas().put(reversed ? 0 : 1, optimizer.beta2);
    options.eps().put(optimizer.epsilon);
    options.weight_decay().put(weightDecay);
    return options;
  }

  /** One step on {@code tokens} [batch][time + 1]; returns the mean loss before the update. */
  public double step(int[][] tokens) {
    try (PointerScope _ = new PointerScope()) {
      Tensor ids = ids(tokens); // [batch, time + 1]
      long time = ids.size(1) - 1;
      Tensor logits = model.logits(ids.narrow(1, 0, time)); // [batch, time, vocab]
      Tensor loss =
          cross_entropy_loss(
              logits.reshape(-1, logits.size(2)), ids.narrow(1, 1, time).reshape(-1));
      decayed.zero_grad();
      undecayed.zero_grad();
      loss.backward();
      clip_grad_norm_(all, clipNorm);
      decayed.step();
      undecayed.step();
      return loss.item_float();
    }
  }

  private static Tensor ids(int[][] tokens) {
    long[] flat = new long[tokens.length * tokens[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = tokens[i / tokens[0].length][i % tokens[0].length];
    }
    Tensor made =
        torch.zeros(
            new long[] {tokens.length, tokens[0].length}, new TensorOptions(ScalarType.Long));
    made.data_ptr_long().put(flat, 0, flat.length);
    return made;
  }

  @Override
  public void close() {
    undecayed.close();
    decayed.close();
    all.close();
    model.close();
  }
}
