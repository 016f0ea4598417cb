package org.onset.study.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.Problems;
import org.onset.eval.Metric;
import org.onset.study.spec.StudySpec.PrimaryContrast;

/**
 * Refuses primary contrasts of what the study doesn't measure: a wrong word would be found out only
 * when all is trained.
 */
record ContrastCheck(StudySpec spec) {
  private static final List<String> STAGES = List.of("base", "instruct", "benign");
  private static final String ACCURACY = "accuracy";
  private static final String PERPLEXITY = "perplexity";
  private static final List<String> OF_PROBES = List.of("probe_auroc", "probe_accuracy");

  void check(Problems problems) {
    Set<PrimaryContrast> seen = new HashSet<>();
    for (int i = 0; i < spec.primaryContrasts().size(); i++) {
      PrimaryContrast contrast = spec.primaryContrasts().get(i);
      Problems here = problems.in("primaryContrasts[" + i + "]");
      here.require(
          seen.add(contrast), "", "is named twice; Holm's correction would count it twice");
      checkArms(here, contrast);
      checkStage(here, contrast);
      checkQuantity(here, contrast);
    }
  }

  private void checkArms(Problems problems, PrimaryContrast contrast) {
    oneOf(problems, "arm", contrast.arm(), spec.arms().keySet());
    oneOf(problems, "baseline", contrast.baseline(), spec.arms().keySet());
    problems.require(
        !contrast.arm().equals(contrast.baseline()),
        "baseline",
        "must be another arm than '%s' itself",
        contrast.arm());
  }

  private void checkStage(Problems problems, PrimaryContrast contrast) {
    oneOf(problems, "stage", contrast.stage(), STAGES);
    boolean benign = contrast.stage().equals("benign");
    String task = contrast.task();
    if (benign && task == null) {
      problems.add("task", "is missing: a contrast of the benign stage names its task");
    }
    if (task != null) {
      oneOf(problems, "task", task, spec.benign().keySet());
      problems.require(benign, "task", "must be given for the benign stage only");
    }
  }

  private void checkQuantity(Problems problems, PrimaryContrast contrast) {
    String metric = contrast.metric();
    Optional<Metric> rate =
        Stream.of(Metric.values()).filter(each -> each.word().equals(metric)).findFirst();
    boolean ofProbes = OF_PROBES.contains(metric);
    if (rate.isPresent()) {
      checkRate(problems, contrast, rate.get());
    } else if (metric.equals(ACCURACY)) {
      oneOf(problems, "suite", contrast.suite(), spec.data().quizzes());
    } else if (metric.equals(PERPLEXITY)) {
      oneOf(problems, "suite", contrast.suite(), List.of(EvaluationSpec.HELD_OUT));
    } else if (ofProbes) {
      oneOf(problems, "suite", contrast.suite(), List.of(EvaluationSpec.PROBE));
      problems.require(
          !contrast.stage().equals("benign"),
          "stage",
          "must be base or instruct: only these are probed");
    } else {
      oneOf(problems, "metric", metric, metrics());
      return;
    }
    if (metric.equals(PERPLEXITY)) {
      problems.require(
          isPretrained(contrast.arm()) == isPretrained(contrast.baseline()),
          "metric",
          "perplexities per token don't compare between tokenizers, and each folder has its own");
    }
    if (rate.isEmpty()) {
      absent(problems, "decoder", contrast.decoder(), metric);
      absent(problems, "attack", contrast.attack(), metric);
    }
    if (ofProbes) {
      checkLayer(problems, contrast);
    } else {
      absent(problems, "layer", contrast.layer(), metric);
    }
  }

  private void checkRate(Problems problems, PrimaryContrast contrast, Metric rate) {
    List<String> suites = new ArrayList<>();
    for (Map.Entry<String, Boolean> suite : spec.data().requestSuites().entrySet()) {
      if (rate.appliesTo(suite.getValue())) {
        suites.add(suite.getKey());
      }
    }
    oneOf(problems, "suite", contrast.suite(), suites);
    String decoder = contrast.decoder();
    if (decoder == null) {
      problems.add("decoder", "is missing: %s is measured with each".formatted(rate.word()));
    } else {
      oneOf(problems, "decoder", decoder, spec.evaluation().decoders().byName().keySet());
    }
    String attack = contrast.attack();
    List<String> attacks = spec.data().attacks(contrast.suite());
    if (attack != null && attacks.isEmpty()) {
      problems.add("attack", "must be left out: this suite is asked in one way only");
    } else if (attack != null) {
      oneOf(problems, "attack", attack, attacks);
    }
  }

  /** The layers of a folder's model are known once it is read. */
  private void checkLayer(Problems problems, PrimaryContrast contrast) {
    Integer layer = contrast.layer();
    ModelSizes model = spec.model();
    if (layer == null) {
      problems.add("layer", "is missing: a probe is of one layer, 0 being the embedding");
    } else if (model != null
        && (isPretrained(contrast.arm()) || isPretrained(contrast.baseline()))) {
      problems.within("layer", layer, 0, model.layerCount());
    } else {
      problems.require(layer >= 0, "layer", "must not be below 0, was %d", layer);
    }
  }

  private boolean isPretrained(String arm) {
    ArmSpec declared = spec.arms().get(arm);
    return declared == null || declared.isPretrained();
  }

  private static List<String> metrics() {
    List<String> metrics = new ArrayList<>();
    Stream.of(Metric.values()).map(Metric::word).forEach(metrics::add);
    metrics.addAll(List.of(ACCURACY, PERPLEXITY));
    metrics.addAll(OF_PROBES);
    return metrics;
  }

  private static void oneOf(
      Problems problems, String field, String value, Collection<String> known) {
    String which =
        known.isEmpty() ? "what this study has none of" : "one of " + String.join(", ", known);
    problems.require(known.contains(value), field, "must be %s, was '%s'", which, value);
  }

  private static void absent(
      Problems problems, String field, @Nullable Object value, String metric) {
    problems.require(value == null, field, "must be left out: %s has none", metric);
  }
}
