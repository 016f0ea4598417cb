package org.onset.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Seeds;
import org.onset.curriculum.BatchPlan;
import org.onset.curriculum.Dose;
import org.onset.curriculum.Mixture;
import org.onset.curriculum.Phase;
import org.onset.curriculum.Schedule;
import org.onset.curriculum.StreamSize;
import org.onset.curriculum.TrainingSize;
import org.onset.spec.Share;
import org.onset.study.spec.ArmSpec;
import org.onset.study.spec.StudySpec;

/**
 * What the arms of a study say, as schedules. Needs no data: a pretraining window carries loss on
 * every token.
 */
final class Schedules {
  private final StudySpec spec;
  private final TrainingSize size;
  private final Map<String, Schedule> byArm = new LinkedHashMap<>();

  private Schedules(StudySpec spec) {
    this.spec = spec;
    this.size = spec.pretrained().training().size();
  }

  /**
   * The schedule of every arm that is pretrained, in the order of the study.
   *
   * @throws BadInput naming every arm whose dose can't be matched
   */
  static Map<String, Schedule> of(StudySpec spec) {
    Map<String, Schedule> inOrder = new LinkedHashMap<>();
    if (!spec.hasPretrainedArms()) {
      return inOrder;
    }
    Schedules schedules = new Schedules(spec);
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, ArmSpec> declared : spec.arms().entrySet()) {
      String arm = declared.getKey();
      if (!declared.getValue().isPretrained()) {
        continue;
      }
      try {
        inOrder.put(arm, schedules.resolve(arm));
      } catch (BadInput e) {
        e.problems().forEach(problem -> problems.add("arms." + arm + ".dose: " + problem));
      }
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return inOrder;
  }

  private Schedule resolve(String arm) {
    Schedule known = byArm.get(arm);
    if (known != null) {
      return known;
    }
    ArmSpec armSpec = spec.arms().get(arm);
    if (armSpec == null) {
      throw new IllegalArgumentException("no arm is called " + arm);
    }
    Schedule declared = declared(armSpec);
    String target = armSpec.doseTarget();
    Schedule schedule = target == null ? declared : dosed(declared, armSpec, resolve(target));
    byArm.put(arm, schedule);
    return schedule;
  }

  private Schedule declared(ArmSpec arm) {
    String single = arm.mixture();
    if (single != null) {
      return new Schedule(List.of(new Phase.Hold(0, mixture(single))));
    }
    List<ArmSpec.PhaseSpec> phases = arm.phases();
    if (phases != null) {
      List<Phase> holds = new ArrayList<>();
      for (ArmSpec.PhaseSpec phase : phases) {
        holds.add(
            new Phase.Hold(phase.start().tokensOf(size.tokenBudget()), mixture(phase.mixture())));
      }
      return new Schedule(holds);
    }
    String before = arm.before();
    String after = arm.after();
    Share onset = arm.onset();
    if (before == null || after == null || onset == null) {
      throw new IllegalArgumentException("an arm without mixture, phases or onset");
    }
    return Schedule.onset(
        mixture(before), mixture(after), onset.tokensOf(size.tokenBudget()), size.tokenBudget());
  }

  private Schedule dosed(Schedule declared, ArmSpec arm, Schedule target) {
    if (onsetTokens(target, size) == null) {
      throw new BadInput(
          arm.dose() + " has nothing to match: that arm trains on no intervention; name another");
    }
    Share onset = arm.onset();
    return Dose.match(
        declared,
        onset == null ? 0 : onset.tokensOf(size.tokenBudget()),
        new BatchPlan(target, size, nominalSizes(target), new Seeds(0)),
        size,
        nominalSizes(declared));
  }

  /** One window a stream: enough to count tokens, since every window carries as many. */
  private Map<String, StreamSize> nominalSizes(Schedule schedule) {
    Map<String, StreamSize> sizes = new LinkedHashMap<>();
    for (String stream : schedule.streams()) {
      sizes.put(stream, new StreamSize(1, size.contextLength(), OptionalInt.empty()));
    }
    return sizes;
  }

  private Mixture mixture(String name) {
    Map<String, Share> shares = spec.mixtures().get(name);
    if (shares == null) {
      throw new IllegalArgumentException("no mixture is called " + name);
    }
    return mixture(shares);
  }

  static Mixture mixture(Map<String, Share> shares) {
    Map<String, Double> weights = new LinkedHashMap<>();
    shares.forEach((stream, share) -> weights.put(stream, share.value()));
    return new Mixture(weights);
  }

  /**
   * The tokens seen when the first intervention enters; null where none does, as when it would be
   * in the middle of the last step.
   */
  static @Nullable Long onsetTokens(Schedule schedule, TrainingSize size) {
    for (Phase phase : schedule.phases()) {
      boolean intervenes =
          schedule.interventions().stream()
              .anyMatch(stream -> phase.mixtureAt(phase.startTokens()).weight(stream) > 0);
      if (intervenes && size.firstStepAt(phase.startTokens()) < size.steps()) {
        return size.firstStepAt(phase.startTokens()) * size.tokensPerStep();
      }
    }
    return null;
  }
}
