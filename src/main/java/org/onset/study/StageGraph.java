package org.onset.study;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.onset.curriculum.Schedule;
import org.onset.curriculum.TrainingSize;
import org.onset.eval.Asking;
import org.onset.study.spec.ArmSpec;
import org.onset.study.spec.EvaluationSpec.DecoderSpec;
import org.onset.study.spec.StudySpec;

/**
 * The stages of a study and what each is made from. Arms that begin alike share their pretraining
 * up to where they part; equal stages of different arms are one node.
 */
final class StageGraph {
  /**
   * A trained model: one arm, seed and stage; {@code path} are the nodes it was trained by, the
   * last its own.
   *
   * @param step after which a base model was kept on its way; null at the end of a stage
   */
  record Checkpoint(
      String arm,
      long seed,
      String stage,
      @Nullable String task,
      @Nullable Long step,
      Asking asking,
      List<Node> path) {
    Checkpoint {
      path = List.copyOf(path);
    }

    Node node() {
      return path.getLast();
    }

    /** Its folder under {@code models/ARM/SEED/} and its name in the logs. */
    String folderName() {
      String name = task == null ? stage : stage + "-" + task;
      return step == null ? name : name + "-step-" + step;
    }
  }

  /** What is measured of a checkpoint; no probe after benign finetuning. */
  record Evaluation(
      Checkpoint checkpoint, Map<String, Node> judged, Node measures, @Nullable Node probes) {}

  private final StudySpec spec;
  private final TrainingSize size;
  private final TrainingStages training;
  private final EvaluationStages evaluating;
  private final Node corpus;
  private final Node tokens;
  private final Map<String, Schedule> schedules;
  private final List<Checkpoint> checkpoints = new ArrayList<>();
  private final List<Evaluation> evaluations = new ArrayList<>();
  private final Map<Long, Node> untrainedProbes = new LinkedHashMap<>();

  StageGraph(StudySpec spec, ArtifactStore store) {
    this.spec = spec;
    this.size = spec.pretraining().size();
    this.schedules = Schedules.of(spec);
    DataStages data = new DataStages(spec, store);
    this.corpus = data.corpus();
    this.tokens = data.tokens(corpus);
    this.training = new TrainingStages(spec, store, size, corpus, tokens);
    this.evaluating = new EvaluationStages(spec, store, corpus, tokens);
    for (long seed : spec.seeds()) {
      addSeed(seed);
    }
  }

  private void addSeed(long seed) {
    Map<String, StateChain> chains = new LinkedHashMap<>();
    schedules.forEach((arm, schedule) -> chains.put(arm, training.chain(seed, schedule)));
    Map<String, List<Node>> pretrained = new LinkedHashMap<>();
    Map<String, SequencedMap<Long, List<Node>>> kept = new LinkedHashMap<>();
    addSegments(seed, chains, 0, List.of(), pretrained, kept);
    untrainedProbes.put(seed, evaluating.untrainedProbe(seed));
    for (Map.Entry<String, ArmSpec> arm : spec.arms().entrySet()) {
      List<Node> path = pretrained.getOrDefault(arm.getKey(), List.of());
      kept.getOrDefault(arm.getKey(), new LinkedHashMap<>())
          .forEach((step, until) -> add(base(arm.getKey(), seed, step, until)));
      Checkpoint base = base(arm.getKey(), seed, null, path);
      add(base);
      Node instructed = training.instruct(arm.getKey(), arm.getValue(), seed, base.node());
      add(
          new Checkpoint(
              arm.getKey(), seed, "instruct", null, null, Asking.CHAT, List.of(instructed)));
      spec.benign()
          .forEach(
              (task, _) -> {
                Node finetuned = training.benign(arm.getKey(), task, seed, instructed);
                add(
                    new Checkpoint(
                        arm.getKey(), seed, "benign", task, null, Asking.CHAT, List.of(finetuned)));
              });
    }
  }

  private static Checkpoint base(String arm, long seed, @Nullable Long step, List<Node> path) {
    return new Checkpoint(arm, seed, "base", null, step, Asking.COMPLETION, path);
  }

  /**
   * Trains what a group of arms has in common once, then goes on with each part of the group; cuts
   * where a model is to be kept as well.
   */
  private void addSegments(
      long seed,
      Map<String, StateChain> group,
      long from,
      List<Node> path,
      Map<String, List<Node>> pretrained,
      Map<String, SequencedMap<Long, List<Node>>> kept) {
    long parting = StateChain.parting(group.values(), from);
    long to = Math.min(parting, nextKept(from));
    List<Node> extended = path;
    if (to > from) {
      String arm = group.keySet().iterator().next();
      StateChain chain = group.values().iterator().next();
      String label = "pretrain " + String.join("+", group.keySet()) + " seed " + seed;
      if (to < parting) {
        label += " to step " + to;
      }
      Node parent = path.isEmpty() ? null : path.getLast();
      Node segment = training.segment(label, seed, schedule(arm), chain, from, to, parent);
      extended = new ArrayList<>(path);
      extended.add(segment);
    }
    if (to == size.steps()) {
      for (String arm : group.keySet()) {
        pretrained.put(arm, extended);
      }
      return;
    }
    if (to == nextKept(from)) {
      for (String arm : group.keySet()) {
        kept.computeIfAbsent(arm, _ -> new LinkedHashMap<>()).put(to, extended);
      }
    }
    Map<String, Map<String, StateChain>> parts = new LinkedHashMap<>();
    group.forEach(
        (arm, chain) ->
            parts.computeIfAbsent(chain.name(to + 1), _ -> new LinkedHashMap<>()).put(arm, chain));
    for (Map<String, StateChain> part : parts.values()) {
      addSegments(seed, part, to, extended, pretrained, kept);
    }
  }

  /** The first step after {@code from} before which a model is kept, or the end of training. */
  private long nextKept(long from) {
    Long every = spec.pretraining().keepEveryTokens();
    if (every == null) {
      return size.steps();
    }
    long next = from * size.tokensPerStep() / every + 1;
    return Math.min(size.steps(), size.firstStepAt(next * every));
  }

  private void add(Checkpoint checkpoint) {
    checkpoints.add(checkpoint);
    Map<String, Node> judged = new LinkedHashMap<>();
    for (Map.Entry<String, DecoderSpec> decoder :
        spec.evaluation().decoders().byName().entrySet()) {
      Node responses = evaluating.respond(checkpoint, decoder.getKey(), decoder.getValue());
      judged.put(decoder.getKey(), evaluating.judge(checkpoint, responses));
    }
    Node probes = checkpoint.task() == null ? evaluating.probe(checkpoint) : null;
    evaluations.add(new Evaluation(checkpoint, judged, evaluating.measure(checkpoint), probes));
  }

  StudySpec spec() {
    return spec;
  }

  TrainingSize size() {
    return size;
  }

  Map<String, Schedule> schedules() {
    return schedules;
  }

  Schedule schedule(String arm) {
    Schedule schedule = schedules.get(arm);
    if (schedule == null) {
      throw new IllegalArgumentException("no arm is called " + arm);
    }
    return schedule;
  }

  TrainingStages training() {
    return training;
  }

  Node corpus() {
    return corpus;
  }

  Node tokens() {
    return tokens;
  }

  List<Checkpoint> checkpoints() {
    return checkpoints;
  }

  List<Evaluation> evaluations() {
    return evaluations;
  }

  Map<Long, Node> untrainedProbes() {
    return untrainedProbes;
  }

  /** All that results are made of. */
  Collection<Node> targets() {
    Set<Node> targets = new LinkedHashSet<>(untrainedProbes.values());
    for (Evaluation evaluation : evaluations) {
      targets.add(evaluation.checkpoint().node());
      targets.addAll(evaluation.judged().values());
      targets.add(evaluation.measures());
      if (evaluation.probes() != null) {
        targets.add(evaluation.probes());
      }
    }
    return targets;
  }
}
