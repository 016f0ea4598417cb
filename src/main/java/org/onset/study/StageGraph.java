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
 * up to where they part; equal stages of different arms are one node. An arm that is a folder
 * begins with its copy, which is its base model in every seed.
 */
final class StageGraph {
  /**
   * A trained model: one arm, seed and stage; {@code path} are the nodes it was trained by, the
   * last its own. The base model of a folder is there once, under the first seed.
   *
   * @param step after which a base model was kept on its way; null at the end of a stage
   * @param tokenizer the node that left its tokenizer
   */
  record Checkpoint(
      String arm,
      long seed,
      String stage,
      @Nullable String task,
      @Nullable Long step,
      Asking asking,
      List<Node> path,
      Node tokenizer) {
    Checkpoint {
      path = List.copyOf(path);
    }

    Node node() {
      return path.getLast();
    }

    boolean ofFolder() {
      return tokenizer.stage() == Node.Stage.MODEL;
    }

    /** Whether it is the model as the folder holds it, with nothing trained here. */
    boolean isFolder() {
      return node().stage() == Node.Stage.MODEL;
    }

    /** Its folder under {@code models/ARM/SEED/} and its name in the logs. */
    String folderName() {
      String name = task == null ? stage : stage + "-" + task;
      return step == null ? name : name + "-step-" + step;
    }
  }

  /**
   * What is measured of a checkpoint; no probe after benign finetuning.
   *
   * @param judged by decoder
   * @param unasked decoders that this model can't be asked with, and why
   */
  record Evaluation(
      Checkpoint checkpoint,
      Map<String, Node> judged,
      Map<String, String> unasked,
      Node measures,
      @Nullable Node probes) {}

  private final StudySpec spec;
  private final TrainingStages training;
  private final EvaluationStages evaluating;
  private final Node corpus;
  private final @Nullable Node tokens;
  private final Map<String, Schedule> schedules;
  private final Map<String, ArmFolder> folders;
  private final Map<String, Node> copies = new LinkedHashMap<>();
  private final List<Checkpoint> checkpoints = new ArrayList<>();
  private final List<Evaluation> evaluations = new ArrayList<>();
  private final Map<Long, Node> untrainedProbes = new LinkedHashMap<>();

  StageGraph(StudySpec spec, ArtifactStore store, String sparkMaster) {
    this.spec = spec;
    this.schedules = Schedules.of(spec);
    this.folders = ArmFolders.readAll(spec);
    DataStages data = new DataStages(spec, store, sparkMaster);
    this.corpus = data.corpus();
    this.tokens = spec.hasPretrainedArms() ? data.tokens(corpus) : null;
    this.training = new TrainingStages(spec, store, corpus);
    this.evaluating = new EvaluationStages(spec, store, corpus);
    folders.forEach((arm, folder) -> copies.put(arm, folder.node(store)));
    for (long seed : spec.seeds()) {
      addSeed(seed);
    }
  }

  private void addSeed(long seed) {
    Map<String, List<Node>> pretrained = new LinkedHashMap<>();
    Map<String, SequencedMap<Long, List<Node>>> kept = new LinkedHashMap<>();
    if (tokens != null) {
      Map<String, StateChain> chains = new LinkedHashMap<>();
      schedules.forEach((arm, schedule) -> chains.put(arm, training.chain(tokens, seed, schedule)));
      addSegments(tokens, seed, chains, 0, List.of(), pretrained, kept);
      untrainedProbes.put(seed, evaluating.untrainedProbe(tokens, seed));
    }
    spec.arms()
        .forEach(
            (arm, armSpec) -> {
              Node copy = copies.get(arm);
              if (copy != null) {
                addArm(arm, armSpec, seed, List.of(copy), copy);
              } else {
                kept.getOrDefault(arm, new LinkedHashMap<>())
                    .forEach((step, path) -> add(base(arm, seed, step, path, tokens())));
                addArm(arm, armSpec, seed, pretrained.getOrDefault(arm, List.of()), tokens());
              }
            });
  }

  private void addArm(String arm, ArmSpec armSpec, long seed, List<Node> path, Node tokenizer) {
    Checkpoint base = base(arm, seed, null, path, tokenizer);
    if (!base.isFolder() || seed == spec.seeds().getFirst()) {
      add(base);
    }
    Node instructed = training.instruct(arm, armSpec, seed, base.node(), tokenizer);
    add(tuned(arm, seed, "instruct", null, instructed, tokenizer));
    for (String task : spec.benign().keySet()) {
      Node finetuned = training.benign(arm, task, seed, instructed, tokenizer);
      add(tuned(arm, seed, "benign", task, finetuned, tokenizer));
    }
  }

  private static Checkpoint base(
      String arm, long seed, @Nullable Long step, List<Node> path, Node tokenizer) {
    return new Checkpoint(arm, seed, "base", null, step, Asking.COMPLETION, path, tokenizer);
  }

  private static Checkpoint tuned(
      String arm, long seed, String stage, @Nullable String task, Node node, Node tokenizer) {
    return new Checkpoint(arm, seed, stage, task, null, Asking.CHAT, List.of(node), tokenizer);
  }

  /**
   * Trains what a group of arms has in common once, then goes on with each part of the group; cuts
   * where a model is to be kept as well.
   */
  private void addSegments(
      Node packed,
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
      Node segment = training.segment(label, packed, seed, schedule(arm), chain, from, to, parent);
      extended = new ArrayList<>(path);
      extended.add(segment);
    }
    if (to == size().steps()) {
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
      addSegments(packed, seed, part, to, extended, pretrained, kept);
    }
  }

  /** The first step after {@code from} before which a model is kept, or the end of training. */
  private long nextKept(long from) {
    Long every = spec.pretrained().training().keepEveryTokens();
    if (every == null) {
      return size().steps();
    }
    long next = from * size().tokensPerStep() / every + 1;
    return Math.min(size().steps(), size().firstStepAt(next * every));
  }

  private void add(Checkpoint checkpoint) {
    checkpoints.add(checkpoint);
    ArmFolder folder = folders.get(checkpoint.arm());
    Map<String, Node> judged = new LinkedHashMap<>();
    Map<String, String> unasked = new LinkedHashMap<>();
    for (Map.Entry<String, DecoderSpec> decoder :
        spec.evaluation().decoders().byName().entrySet()) {
      if (decoder.getValue().needsTag() && folder != null && !folder.hasTag()) {
        unasked.put(decoder.getKey(), "the arm's tokenizer has no harmfulness tag to look for");
      } else {
        Node responses = evaluating.respond(checkpoint, decoder.getKey(), decoder.getValue());
        judged.put(decoder.getKey(), evaluating.judge(checkpoint, responses));
      }
    }
    Node probes = checkpoint.task() == null ? evaluating.probe(checkpoint) : null;
    evaluations.add(
        new Evaluation(checkpoint, judged, unasked, evaluating.measure(checkpoint), probes));
  }

  StudySpec spec() {
    return spec;
  }

  /** Of a pretraining. */
  TrainingSize size() {
    return spec.pretrained().training().size();
  }

  /** Of the arms that are pretrained. */
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

  /** What the arms that are pretrained are trained on; a study of folders alone has none. */
  Node tokens() {
    if (tokens == null) {
      throw new IllegalStateException("nothing is pretrained in this study");
    }
    return tokens;
  }

  /** The arms that are folders. */
  Map<String, ArmFolder> folders() {
    return folders;
  }

  /** What to know before arms are compared. */
  List<String> warnings() {
    Map<String, Long> pretrainedTokens = new LinkedHashMap<>();
    for (String arm : schedules.keySet()) {
      pretrainedTokens.put(arm, size().realisedTokens());
    }
    List<String> warnings = new ArrayList<>(ArmFolder.warnings(folders, pretrainedTokens));
    warnings.addAll(spec.data().warnings());
    return warnings;
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
