package org.onset.study.spec;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.curriculum.Schedule;
import org.onset.spec.Share;
import org.onset.tensor.Dtype;
import org.onset.tensor.Libtorch;
import org.onset.token.BytePairTrainer;

/**
 * A whole study. {@code mixtures} are named maps stream → share; {@code arms} keep the order of the
 * file, which is that of the report; {@code prediction} is written before the run. {@code
 * tokenizer}, {@code model} and {@code pretraining} are null where every arm is a folder.
 */
public record StudySpec(
    String name,
    String title,
    String question,
    String prediction,
    List<Long> seeds,
    DataSpec data,
    @Nullable TokenizerSpec tokenizer,
    @Nullable ModelSizes model,
    @Nullable PretrainingSpec pretraining,
    Map<String, Map<String, Share>> mixtures,
    Map<String, ArmSpec> arms,
    InstructionSpec instruction,
    Map<String, TuningSpec> benign,
    EvaluationSpec evaluation,
    List<PrimaryContrast> primaryContrasts,
    ResourcesSpec resources)
    implements Checked {

  /** The keys that say how arms are pretrained. */
  static final List<String> FOR_PRETRAINING = List.of("tokenizer", "model", "pretraining");

  public StudySpec {
    seeds = List.copyOf(seeds);
    mixtures = inOrder(mixtures);
    arms = inOrder(arms);
    benign = inOrder(benign);
    primaryContrasts = List.copyOf(primaryContrasts);
  }

  /** What the arms that are pretrained have in common. */
  public record Pretrained(TokenizerSpec tokenizer, ModelSizes model, PretrainingSpec training) {}

  /** Whether any arm is; otherwise every arm is a folder. */
  public boolean hasPretrainedArms() {
    return arms.values().stream().anyMatch(ArmSpec::isPretrained);
  }

  /** Not to be asked of a study of folders alone. */
  public Pretrained pretrained() {
    if (tokenizer == null || model == null || pretraining == null) {
      throw new IllegalStateException("nothing is pretrained in this study");
    }
    return new Pretrained(tokenizer, model, pretraining);
  }

  /** What every model sees at most in the evaluation, prompt and completion together. */
  public int evaluationContext() {
    Integer own = evaluation.contextLength();
    if (own != null) {
      return own;
    }
    if (pretraining == null) {
      throw new IllegalStateException("nothing says how much a model sees in the evaluation");
    }
    return pretraining.contextLength();
  }

  @Override
  public void check(Problems problems) {
    problems.name("name", name);
    problems.require(!seeds.isEmpty(), "seeds", "must name at least one seed, such as [1, 2]");
    problems.require(
        new HashSet<>(seeds).size() == seeds.size(), "seeds", "must be distinct, was %s", seeds);
    problems.require(!arms.isEmpty(), "arms", "must name at least one arm");
    for (String stream : data.maxEpochs().keySet()) {
      problems.require(
          data.streams().contains(stream),
          "data.maxEpochs." + stream,
          "this stream has no source; there are %s",
          data.streams());
    }
    checkPretraining(problems);
    mixtures.forEach(
        (mixture, shares) ->
            checkMixture(problems, "mixtures." + mixture, shares, data.streams(), "stream"));
    arms.forEach((arm, spec) -> checkArm(problems, arm, spec));
    checkTuning(problems, "instruction.tuning", instruction.tuning());
    benign.forEach(
        (task, tuning) -> {
          problems.name("benign." + task, task);
          checkTuning(problems, "benign." + task, tuning);
        });
    checkEvaluationContext(problems);
    new ContrastCheck(this).check(problems);
  }

  private void checkPretraining(Problems problems) {
    boolean needed = hasPretrainedArms() || arms.isEmpty();
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("tokenizer", tokenizer != null);
    given.put("model", model != null);
    given.put("pretraining", pretraining != null);
    given.forEach(
        (key, there) -> {
          problems.require(there || !needed, key, "is missing: arms without a model need it");
          problems.require(!there || needed, key, "must be left out: every arm is a folder");
        });
    problems.require(
        needed || mixtures.isEmpty(), "mixtures", "must be left out: every arm is a folder");
    problems.require(
        tokenizer == null || tokenizer.kind() != TokenizerSpec.Kind.WORDS || data.world() != null,
        "tokenizer.kind",
        "'words' is for the built-in world; use byte-pairs, with a vocabSize");
  }

  private void checkEvaluationContext(Problems problems) {
    Integer own = evaluation.contextLength();
    if (pretraining == null && own == null) {
      problems.add(
          "evaluation.contextLength",
          "is missing: where no arm is pretrained it says what every model sees at most");
    }
    if (pretraining != null && own != null) {
      problems.require(
          own <= pretraining.contextLength(),
          "evaluation.contextLength",
          "must not be above pretraining.contextLength (%d), the model's own, was %d",
          pretraining.contextLength(),
          own);
    }
    if (pretraining != null || own != null) {
      String field = own == null ? "pretraining.contextLength" : "evaluation.contextLength";
      problems.require(
          evaluation.maxNewTokens() < evaluationContext(),
          "evaluation.maxNewTokens",
          "must leave room for a prompt in %s (%d), was %d",
          field,
          evaluationContext(),
          evaluation.maxNewTokens());
    }
  }

  /** Names of what becomes a folder or a file. */
  private void checkTuning(Problems problems, String field, TuningSpec tuning) {
    checkMixture(
        problems, field + ".mixture", tuning.mixture(), data.dialogueSets(), "dialogue set");
    problems.require(
        pretraining == null || tuning.contextLength() <= pretraining.contextLength(),
        field + ".contextLength",
        "must not be above pretraining.contextLength (%s), the model's own, was %d",
        pretraining == null ? "" : pretraining.contextLength(),
        tuning.contextLength());
  }

  private static void checkMixture(
      Problems problems, String field, Map<String, Share> shares, List<String> known, String what) {
    for (String name : shares.keySet()) {
      problems.require(
          known.contains(name),
          field + "." + name,
          "this %s has no source; there are %s",
          what,
          known);
    }
    double sum = shares.values().stream().mapToDouble(Share::value).sum();
    problems.require(
        Math.abs(sum - 1) < 1e-9,
        field,
        "shares must sum to 100%%, but sum to %s",
        new Share(Math.round(sum * 1e12) / 1e12));
  }

  private void checkArm(Problems problems, String arm, ArmSpec spec) {
    Problems here = problems.in("arms." + arm);
    here.name("", arm);
    spec.mixtureNames()
        .forEach(
            (field, mixture) ->
                here.require(
                    mixtures.containsKey(mixture),
                    field,
                    "'%s' is not declared under mixtures; declared are %s",
                    mixture,
                    mixtures.keySet()));
    here.require(
        spec.tagCompletions() == ArmSpec.TagCompletions.NONE || data.hasTagCompletions(),
        "tagCompletions",
        "needs unsafe texts, and data.files.corpus.interventions has no stream of the kind tag");
    checkPhaseStarts(here, spec);
    String target = spec.doseTarget();
    if (target != null) {
      checkDose(here, arm, spec, target);
    }
  }

  /** Phases of different shares may still begin at one and the same token. */
  private void checkPhaseStarts(Problems problems, ArmSpec arm) {
    List<ArmSpec.PhaseSpec> phases = arm.phases();
    if (phases == null || pretraining == null) {
      return;
    }
    long budget = pretraining.tokenBudget();
    for (int i = 1; i < phases.size(); i++) {
      Share before = phases.get(i - 1).start();
      Share start = phases.get(i).start();
      problems.require(
          start.value() <= before.value() || start.tokensOf(budget) > before.tokensOf(budget),
          "phases[" + i + "].start",
          "begins at the same token as the phase before it: %s and %s of %d tokens are both %d",
          before,
          start,
          budget,
          start.tokensOf(budget));
    }
  }

  private void checkDose(Problems problems, String arm, ArmSpec spec, String target) {
    ArmSpec other = arms.get(target);
    if (other == null || target.equals(arm)) {
      problems.add(
          "dose",
          "must match another arm of this study, %s, was '%s'".formatted(arms.keySet(), target));
      return;
    }
    problems.require(
        other.isPretrained(), "dose", "'%s' is a folder, whose interventions aren't known", target);
    problems.require(
        other.doseTarget() == null, "dose", "'%s' is itself matched to another arm", target);
    problems.require(spec.onset() != null, "dose", "needs an onset; this arm has none");
    String after = spec.after();
    if (after != null && mixtures.containsKey(after)) {
      problems.require(
          mixtures.get(after).containsKey(Schedule.SAFE),
          "dose",
          "needs the stream '%s' in mixture '%s', to fill what the dose leaves",
          Schedule.SAFE,
          after);
    }
  }

  static <V> Map<String, V> inOrder(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /**
   * The contrast that the study is about, named before it runs; Holm's correction runs over these.
   */
  public record PrimaryContrast(
      String arm,
      String baseline,
      String stage,
      @Nullable String task,
      String suite,
      @Nullable String attack,
      @Nullable String decoder,
      @Nullable Integer layer,
      String metric) {}

  /**
   * What, beside its inputs, fixes the weights of a training: the number of threads orders sums,
   * {@code trainIn} rounds products.
   */
  public record ResourcesSpec(int threadsPerNode, Precision trainIn) implements Checked {
    private static final int MOST_THREADS = 1_024;

    /** What training computes its products in. */
    public enum Precision {
      FLOAT32("float32"),
      BFLOAT16("bfloat16"),
      /** bfloat16 where the processor multiplies it, else float32. */
      AUTO("auto");

      private final String name;

      Precision(String name) {
        this.name = name;
      }

      @Override
      public String toString() {
        return name;
      }
    }

    /** The dtype of training on this machine. */
    public Dtype dtype() {
      return switch (trainIn) {
        case FLOAT32 -> Dtype.FLOAT32;
        case BFLOAT16 -> Dtype.BFLOAT16;
        case AUTO -> Libtorch.multipliesBfloat16() ? Dtype.BFLOAT16 : Dtype.FLOAT32;
      };
    }

    @Override
    public void check(Problems problems) {
      problems.within("threadsPerNode", threadsPerNode, 1, MOST_THREADS);
    }
  }

  /** The world's closed vocabulary as words, or byte-level pairs trained on the corpus. */
  public record TokenizerSpec(Kind kind, @Nullable Integer vocabSize) implements Checked {
    private static final int LARGEST = 1 << 20;

    public enum Kind {
      WORDS("words"),
      BYTE_PAIRS("byte-pairs");

      private final String name;

      Kind(String name) {
        this.name = name;
      }

      @Override
      public String toString() {
        return name;
      }
    }

    @Override
    public void check(Problems problems) {
      problems.require(
          (kind == Kind.BYTE_PAIRS) == (vocabSize != null),
          "vocabSize",
          "must be given for byte-pairs, and only there");
      if (vocabSize != null) {
        problems.within("vocabSize", vocabSize, BytePairTrainer.SMALLEST, LARGEST);
      }
    }
  }
}
