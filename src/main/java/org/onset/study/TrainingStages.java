package org.onset.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.onset.Seeds;
import org.onset.curriculum.BatchPlan;
import org.onset.curriculum.Phase;
import org.onset.curriculum.Schedule;
import org.onset.curriculum.StreamSize;
import org.onset.curriculum.TrainingSize;
import org.onset.model.ModelFolder;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.spec.Share;
import org.onset.study.spec.ArmSpec;
import org.onset.study.spec.ArmSpec.TagCompletions;
import org.onset.study.spec.InstructionSpec;
import org.onset.study.spec.PretrainingSpec;
import org.onset.study.spec.StudySpec;
import org.onset.study.spec.TuningSpec;
import org.onset.tensor.Dtype;
import org.onset.tensor.Libtorch;
import org.onset.token.Tokenizer;
import org.onset.train.Checkpoints;
import org.onset.train.LearningRate;
import org.onset.train.PlannedBatches;
import org.onset.train.Recipe;
import org.onset.train.TrainingDiverged;
import org.onset.train.TrainingInterrupted;
import org.onset.train.TrainingRun;
import org.onset.train.TrainingState;

/** The stages that train: pretraining segments, instruction tuning, benign finetuning. */
final class TrainingStages {
  private static final int PRETRAIN_VERSION = 5;
  private static final int TUNE_VERSION = 5;

  private final StudySpec spec;

  private final ArtifactStore store;
  private final Node corpus;

  TrainingStages(StudySpec spec, ArtifactStore store, Node corpus) {
    this.spec = spec;
    this.store = store;
    this.corpus = corpus;
  }

  static ModelSpec modelSpec(StudySpec spec, int vocabSize) {
    StudySpec.Pretrained pretrained = spec.pretrained();
    return pretrained.model().spec(vocabSize, pretrained.training().contextLength());
  }

  private PretrainingSpec pretraining() {
    return spec.pretrained().training();
  }

  LearningRate pretrainingRate() {
    return pretraining().learningRate().rate();
  }

  /** Where a training node leaves its model: a Hugging Face folder. */
  static Path modelFolder(Path artifact) {
    return artifact.resolve("model");
  }

  /** The state that a pretraining node left, its files compared with their digests. */
  private TrainingState state(Path artifact) {
    return TrainingState.load(modelFolder(artifact), dtype());
  }

  private Dtype dtype() {
    return spec.resources().dtype();
  }

  /**
   * The model that a node left, its files compared with their digests where it was trained here.
   */
  static Transformer model(Path artifact, Dtype computedIn) {
    Path folder = modelFolder(artifact);
    if (TrainingState.hasDigests(folder)) {
      TrainingState.verify(folder);
    }
    return Transformer.load(folder, computedIn);
  }

  /** The name of an untrained model: everything that determines its weights. */
  static String untrainedFingerprint(StudySpec spec, Node tokens, long seed) {
    return Artifact.of(
            "untrained",
            PRETRAIN_VERSION,
            Map.of(
                "model", spec.pretrained().model(),
                "seed", seed,
                "tokens", tokens.artifact().key(),
                "contextLength", spec.pretrained().training().contextLength(),
                "platform", platform(spec)))
        .key();
  }

  /** What determines a training from its start, but for mixtures and learning rates. */
  private String startFingerprint(Node tokens, long seed) {
    return Artifact.of(
            "start",
            PRETRAIN_VERSION,
            Map.of(
                "untrained", untrainedFingerprint(spec, tokens, seed),
                "optimizer", pretraining().optimizer(),
                "sequencesPerStep", pretraining().sequencesPerStep()))
        .key();
  }

  /** What, beside the inputs, decides the last bits of a result, as far as we can name it. */
  private static Map<String, Object> platform(StudySpec spec) {
    return Map.of(
        "device",
        "cpu",
        "dtype",
        spec.resources().dtype().label(),
        "threads",
        spec.resources().threadsPerNode(),
        "libtorch",
        Libtorch.version(),
        "instructions",
        Libtorch.instructions());
  }

  StateChain chain(Node tokens, long seed, Schedule schedule) {
    return StateChain.follow(
        startFingerprint(tokens, seed), schedule, pretraining().size(), pretrainingRate());
  }

  /**
   * Pretrains from step {@code from} to {@code to}; {@code parent} made the state at {@code from}.
   */
  Node segment(
      String label,
      Node tokens,
      long seed,
      Schedule schedule,
      StateChain chain,
      long from,
      long to,
      @Nullable Node parent) {
    TrainingSize size = pretraining().size();
    Artifact artifact = new Artifact("state", chain.name(to));
    return new Node(
        Node.Stage.PRETRAIN,
        label,
        artifact,
        parent == null ? List.of(tokens) : List.of(parent, tokens),
        (to - from) * size.tokensPerStep(),
        (output, work, progress) -> {
          Path packed = store.folder(tokens.artifact());
          BatchPlan plan =
              new BatchPlan(schedule, size, Exposures.sizes(spec, packed), new Seeds(seed));
          try (Tokenizer tokenizer = DataStages.tokenizer(store, tokens);
              Shards shards = Shards.open(schedule.streams(), s -> DataStages.shard(packed, s))) {
            Supplier<TrainingState> start =
                parent == null
                    ? () -> TrainingState.fresh(initialModel(seed, tokenizer))
                    : () -> store.read(parent.artifact(), this::state);
            Checkpoints checkpoints =
                new Checkpoints(
                    work.resolve("checkpoints"),
                    pretraining().checkpointEverySteps(),
                    pretraining().keepCheckpoints());
            PlannedBatches batches = new PlannedBatches(plan, shards.byStream());
            Recipe recipe =
                new Recipe(
                    size,
                    pretrainingRate(),
                    pretraining().optimizer().optimizer(false),
                    TrainingMemory.sequencesAtOnce(
                        modelSpec(spec, tokenizer.vocabSize()), dtype(), size),
                    pretraining().stopAfterSkippedSteps(),
                    dtype());
            try (TrainingState state =
                train(start, batches, recipe, from, to, checkpoints, output, work, progress)) {
              state.save(modelFolder(output), tokenizer.stopTokens());
            }
          }
        });
  }

  private Transformer initialModel(long seed, Tokenizer tokenizer) {
    ModelSpec model = modelSpec(spec, tokenizer.vocabSize());
    return Transformer.initialise(model, new Seeds(seed), dtype());
  }

  /** {@code tokenizer} made the base model's tokenizer. */
  Node instruct(String arm, ArmSpec armSpec, long seed, Node base, Node tokenizer) {
    InstructionSpec instruction = spec.instruction();
    TagCompletions completions = armSpec.tagCompletions();
    Map<String, Share> mixture = new LinkedHashMap<>(instruction.tuning().mixture());
    Share everyday = mixture.get(instruction.everyday());
    if (completions != TagCompletions.NONE && everyday != null) {
      Share share = instruction.tagCompletions();
      mixture.put(instruction.everyday(), new Share(everyday.value() - share.value()));
      mixture.put(TuningData.COMPLETIONS, share);
    }
    return tuning(
        Node.Stage.INSTRUCT,
        "instruct %s seed %d".formatted(arm, seed),
        seed,
        base,
        tokenizer,
        instruction.tuning(),
        mixture,
        completions);
  }

  Node benign(String arm, String task, long seed, Node instructed, Node tokenizer) {
    TuningSpec tuning = spec.benign().get(task);
    if (tuning == null) {
      throw new IllegalArgumentException("no benign task is called " + task);
    }
    return tuning(
        Node.Stage.BENIGN,
        "benign %s %s seed %d".formatted(task, arm, seed),
        seed,
        instructed,
        tokenizer,
        tuning,
        tuning.mixture(),
        TagCompletions.NONE);
  }

  private Node tuning(
      Node.Stage stage,
      String label,
      long seed,
      Node from,
      Node tokens,
      TuningSpec tuning,
      Map<String, Share> mixture,
      TagCompletions completions) {
    TrainingSize tuningSize = tuning.size();
    Artifact artifact =
        Artifact.of(
            stage.title,
            TUNE_VERSION,
            Map.of(
                "from", from.artifact().key(),
                "corpus", corpus.artifact().key(),
                "tokens", tokens.artifact().key(),
                "training",
                    List.of(
                        tuningSize,
                        tuning.learningRate(),
                        tuning.optimizer(),
                        tuning.freezeEmbedding(),
                        tuning.trainPrompts()),
                "mixture", List.copyOf(mixture.entrySet()),
                "completions", completions,
                "seed", seed,
                "platform", platform(spec)));
    return new Node(
        stage,
        label,
        artifact,
        List.of(from, corpus, tokens),
        tuning.steps() * tuningSize.tokensPerStep(),
        (output, work, progress) -> {
          try (Tokenizer tokenizer = DataStages.tokenizer(store, tokens)) {
            TuningData data =
                new TuningData(
                    new CorpusFolder(store.folder(corpus.artifact())),
                    tokenizer,
                    tuning,
                    completions);
            Map<String, StreamSize> sizes = data.pack(mixture.keySet(), work.resolve("windows"));
            Schedule schedule =
                new Schedule(List.of(new Phase.Hold(0, Schedules.mixture(mixture))));
            Seeds seeds = new Seeds(new Seeds(seed).seed(stage.title));
            BatchPlan plan = new BatchPlan(schedule, tuningSize, sizes, seeds);
            ModelSpec model = ModelFolder.specOf(modelFolder(store.folder(from.artifact())));
            Recipe recipe =
                new Recipe(
                    tuningSize,
                    tuning.learningRate().rate(),
                    tuning.optimizer().optimizer(tuning.freezeEmbedding()),
                    TrainingMemory.sequencesAtOnce(model, dtype(), tuningSize),
                    tuning.stopAfterSkippedSteps(),
                    dtype());
            try (Shards shards =
                    Shards.open(schedule.streams(), s -> work.resolve("windows").resolve(s));
                TrainingState state =
                    train(
                        () ->
                            TrainingState.fresh(
                                store.read(from.artifact(), folder -> model(folder, dtype()))),
                        new PlannedBatches(plan, shards.byStream()),
                        recipe,
                        0,
                        tuningSize.steps(),
                        new Checkpoints(
                            work.resolve("checkpoints"),
                            tuning.checkpointEverySteps(),
                            tuning.keepCheckpoints()),
                        output,
                        work,
                        progress)) {
              state.saveModel(modelFolder(output), tokenizer.stopTokens());
            }
          }
        });
  }

  private static TrainingState train(
      Supplier<TrainingState> start,
      PlannedBatches batches,
      Recipe recipe,
      long from,
      long to,
      Checkpoints checkpoints,
      Path output,
      Path work,
      Progress.Task progress)
      throws IOException, InterruptedException {
    try (StepLog log =
        new StepLog(work.resolve(StepLog.FILE), recipe.size().tokensPerStep(), progress)) {
      TrainingState state = TrainingRun.run(start, batches, recipe, from, to, checkpoints, log);
      log.copyTo(output.resolve(StepLog.FILE));
      saySpikes(state.spikes().stream().filter(step -> step >= from).toList(), progress);
      return state;
    } catch (TrainingDiverged e) {
      throw e.within(
          progress.label() + ": ",
          ". Losses and gradient norms up to there are in %s; a lower peak of the learning rate, a longer warmup or a smaller clipNorm may help"
              .formatted(work.resolve(StepLog.FILE)));
    } catch (TrainingInterrupted e) {
      throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
    }
  }

  private static void saySpikes(List<Long> steps, Progress.Task progress) {
    if (!steps.isEmpty()) {
      progress.say(
          "the loss jumped at %d steps, first at step %d; \"spike\" marks them in the log"
              .formatted(steps.size(), steps.getFirst()));
    }
  }
}
