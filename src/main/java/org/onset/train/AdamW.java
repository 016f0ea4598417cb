package org.onset.train;

import java.util.ArrayList;
import java.util.List;
import org.onset.model.ParameterRange;
import org.onset.model.Transformer;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

/** One update of a model's flat buffers: what is frozen stays, what is a norm doesn't decay. */
final class AdamW {
  /** A stretch of the flat buffers that is updated alike. */
  private record Group(long offset, long length, boolean decayed) {}

  private final OptimizerSpec spec;
  private final List<Group> groups;
  private final List<Group> frozen;

  AdamW(OptimizerSpec spec, Transformer model) {
    this.spec = spec;
    this.groups = new ArrayList<>();
    this.frozen = new ArrayList<>();
    for (ParameterRange range : model.parameterRanges()) {
      boolean isEmbedding = range.offset() == 0; // the embedding comes first
      append(isEmbedding && spec.freezeEmbedding() ? frozen : groups, range);
    }
  }

  private static void append(List<Group> groups, ParameterRange range) {
    if (!groups.isEmpty()) {
      Group last = groups.getLast();
      if (last.decayed == range.decayed() && last.offset + last.length == range.offset()) {
        groups.set(
            groups.size() - 1, new Group(last.offset, last.length + range.length(), last.decayed));
        return;
      }
    }
    groups.add(new Group(range.offset(), range.length(), range.decayed()));
  }

  /** The Euclidean norm of the gradient of all that is trained; what is frozen gets gradient 0. */
  double gradientNorm(Transformer model) {
    try (Scope _ = new Scope()) {
      for (Group group : frozen) {
        model.gradients().narrow(0, group.offset, group.length).fill(0);
      }
      return model.gradients().norm();
    }
  }

  /** Clips the gradient, whose norm is {@code norm}, and takes the state's next update. */
  void update(TrainingState state, double norm, double learningRate) {
    Transformer model = state.model();
    if (norm > spec.clipNorm()) {
      model.gradients().multiplyInPlace(spec.clipNorm() / norm);
    }
    try (Scope _ = new Scope()) {
      for (Group group : groups) {
        org.onset.tensor.AdamW.step(
            part(model.parameters(), group),
            part(model.gradients(), group),
            part(state.firstMoments(), group),
            part(state.secondMoments(), group),
            state.updates() + 1,
            learningRate,
            spec.beta1(),
            spec.beta2(),
            spec.epsilon(),
            group.decayed ? spec.weightDecay() : 0);
      }
    }
    model.parametersChanged();
  }

  private static Tensor part(Tensor flat, Group group) {
    return flat.narrow(0, group.offset, group.length);
  }
}
