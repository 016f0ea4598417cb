package org.onset.curriculum;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.onset.curriculum.Phase.Hold;

/** Phases in the order they begin, the first at token 0: which mixture is in force when. */
public record Schedule(List<Phase> phases) {
  /** The stream of harmless text, which fills what interventions leave free. */
  public static final String SAFE = "safe";

  /** The stream of harmful text as it was found. */
  public static final String UNSAFE = "unsafe";

  public Schedule {
    phases = List.copyOf(phases);
    if (phases.isEmpty() || phases.getFirst().startTokens() != 0) {
      throw new IllegalArgumentException("the first phase must start at token 0: " + phases);
    }
    for (int i = 1; i < phases.size(); i++) {
      if (phases.get(i).startTokens() <= phases.get(i - 1).startTokens()) {
        throw new IllegalArgumentException("phases must start one after another: " + phases);
      }
    }
  }

  /**
   * {@code before} until {@code onsetTokens} have been seen, {@code after} from there to {@code
   * tokenBudget}; an onset at the budget never comes.
   */
  public static Schedule onset(Mixture before, Mixture after, long onsetTokens, long tokenBudget) {
    if (onsetTokens < 0 || onsetTokens > tokenBudget) {
      throw new IllegalArgumentException(
          "the onset must lie within 0 and the token budget (%d), was %d"
              .formatted(tokenBudget, onsetTokens));
    }
    if (onsetTokens == 0) {
      return new Schedule(List.of(new Hold(0, after)));
    }
    if (onsetTokens == tokenBudget) {
      return new Schedule(List.of(new Hold(0, before)));
    }
    return new Schedule(List.of(new Hold(0, before), new Hold(onsetTokens, after)));
  }

  /** The mixture in force once {@code tokensSeen} tokens have been trained on. */
  public Mixture mixtureAt(long tokensSeen) {
    return phaseAt(tokensSeen).mixtureAt(tokensSeen);
  }

  Phase phaseAt(long tokensSeen) {
    for (Phase phase : phases.reversed()) { // the last to start wins
      if (phase.startTokens() <= tokensSeen) {
        return phase;
      }
    }
    throw new IllegalArgumentException("tokensSeen must not be negative, was " + tokensSeen);
  }

  /** Every stream of any phase, in declared order: that of their first appearance. */
  public List<String> streams() {
    Set<String> streams = new LinkedHashSet<>();
    for (Phase phase : phases) {
      streams.addAll(
          switch (phase) {
            case Hold(_, Mixture mixture) -> mixture.weights().keySet();
          });
    }
    return List.copyOf(streams);
  }

  /** The streams that are interventions: all but {@link #SAFE} and {@link #UNSAFE}. */
  public List<String> interventions() {
    return streams().stream().filter(Schedule::isIntervention).toList();
  }

  static boolean isIntervention(String stream) {
    return !stream.equals(SAFE) && !stream.equals(UNSAFE);
  }
}
