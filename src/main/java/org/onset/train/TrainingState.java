package org.onset.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.onset.BadInput;
import org.onset.model.Safetensors;
import org.onset.model.Transformer;
import org.onset.tensor.Tensor;

/** A model in training: its parameters, the optimizer's moments, and how far it has come. */
public final class TrainingState implements AutoCloseable {
  private static final String OPTIMIZER = "onset/optimizer.safetensors";
  private static final String FIRST_MOMENTS = "first_moments";
  private static final String SECOND_MOMENTS = "second_moments";

  private final Transformer model;
  private final Tensor firstMoments; // [parameterCount]
  private final Tensor secondMoments; // [parameterCount]
  private final List<Long> skippedSteps = new ArrayList<>();
  private long step;
  private long tokensSeen;
  private long updates;

  private TrainingState(Transformer model) {
    this.model = model;
    long count = model.spec().parameterCount();
    this.firstMoments = Tensor.zeros(count).owned();
    this.secondMoments = Tensor.zeros(count).owned();
  }

  /** {@code model}, which the state now owns, before its first step. */
  public static TrainingState fresh(Transformer model) {
    return new TrainingState(model);
  }

  /** A saved state; BadInput, naming the file, when it is damaged. */
  public static TrainingState load(Path folder) {
    Progress progress = Progress.verified(folder);
    TrainingState state = new TrainingState(Transformer.load(folder));
    try {
      SequencedMap<String, Safetensors.Values> moments =
          Safetensors.read(folder.resolve(OPTIMIZER));
      read(moments, FIRST_MOMENTS, state.firstMoments, folder);
      read(moments, SECOND_MOMENTS, state.secondMoments, folder);
    } catch (RuntimeException e) {
      state.close();
      throw e;
    }
    state.step = progress.step();
    state.tokensSeen = progress.tokensSeen();
    state.updates = progress.updates();
    state.skippedSteps.addAll(progress.skippedSteps());
    return state;
  }

  private static void read(
      SequencedMap<String, Safetensors.Values> tensors, String name, Tensor into, Path folder) {
    Safetensors.Values values = tensors.get(name);
    if (values == null || values.floats().length != into.elementCount()) {
      throw new BadInput(
          "%s: %s must hold %d values, one for each parameter of the model beside it"
              .formatted(folder.resolve(OPTIMIZER), name, into.elementCount()));
    }
    into.copyFrom(values.floats());
  }

  /**
   * Checks every file of a saved state against its digest, and returns that of the state; BadInput
   * names the file that is damaged.
   */
  public static String verify(Path folder) {
    return Progress.verified(folder).digest();
  }

  /**
   * Saves the state as {@code folder}, which must not exist: there is a whole one, or none, however
   * this ends. Returns the state's digest, which equal states share.
   *
   * @param stopTokens the {@code eos_token_id} of the model's {@code generation_config.json}
   */
  public String save(Path folder, int[] stopTokens) {
    return WholeFolder.write(
        folder,
        temporary -> {
          model.save(temporary, stopTokens);
          Files.createDirectories(temporary.resolve("onset"));
          SequencedMap<String, Safetensors.Values> moments = new LinkedHashMap<>();
          moments.put(FIRST_MOMENTS, values(firstMoments));
          moments.put(SECOND_MOMENTS, values(secondMoments));
          Safetensors.write(temporary.resolve(OPTIMIZER), moments);
          return Progress.write(temporary, step, tokensSeen, updates, skippedSteps).digest();
        });
  }

  private static Safetensors.Values values(Tensor tensor) {
    return new Safetensors.Values(tensor.toFloats(), tensor.elementCount());
  }

  public Transformer model() {
    return model;
  }

  Tensor firstMoments() {
    return firstMoments;
  }

  Tensor secondMoments() {
    return secondMoments;
  }

  /** Steps taken, those not applied included; so it names the step that comes next. */
  public long step() {
    return step;
  }

  public long tokensSeen() {
    return tokensSeen;
  }

  /** Steps that were applied. */
  public long updates() {
    return updates;
  }

  /** Steps that were not applied, since their loss or gradient was not finite. */
  public List<Long> skippedSteps() {
    return List.copyOf(skippedSteps);
  }

  void stepTaken(long tokens, boolean applied) {
    if (applied) {
      updates++;
    } else {
      skippedSteps.add(step);
    }
    step++;
    tokensSeen += tokens;
  }

  /** Frees the model too. */
  @Override
  public void close() {
    secondMoments.close();
    firstMoments.close();
    model.close();
  }
}
