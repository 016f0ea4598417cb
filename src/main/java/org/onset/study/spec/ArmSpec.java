package org.onset.study.spec;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.spec.Share;

/**
 * One condition. Either the study pretrains it: {@code before}, {@code after} and {@code onset}, or
 * one {@code mixture} throughout, or {@code phases}; {@code dose: match(ARM)} scales the
 * interventions to those of another arm. Or {@code model} is the folder of a model that was trained
 * elsewhere, on {@code trainedTokens} where the user knows it.
 */
public record ArmSpec(
    @Nullable String before,
    @Nullable String after,
    @Nullable Share onset,
    @Nullable String mixture,
    @Nullable List<PhaseSpec> phases,
    @Nullable String dose,
    @Nullable Path model,
    @Nullable Long trainedTokens,
    TagCompletions tagCompletions)
    implements Checked {
  private static final Pattern MATCH = Pattern.compile("match\\(([^()]+)\\)");

  public ArmSpec {
    phases = phases == null ? null : List.copyOf(phases);
  }

  /** Whether instruction tuning holds completions of unsafe text, and in which form. */
  public enum TagCompletions {
    TAGGED,
    UNTAGGED,
    NONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** From {@code start} of the token budget on, {@code mixture} is in force. */
  public record PhaseSpec(Share start, String mixture) {}

  /** Whether the study pretrains it; otherwise it is a folder. */
  public boolean isPretrained() {
    return model == null;
  }

  @Override
  public void check(Problems problems) {
    boolean onsetForm = before != null || after != null || onset != null;
    int forms = 0;
    for (boolean given :
        new boolean[] {onsetForm, mixture != null, phases != null, model != null}) {
      forms += given ? 1 : 0;
    }
    problems.require(
        forms == 1,
        "",
        "needs one of: before, after and onset together; mixture; phases; or model");
    if (trainedTokens != null) {
      problems.positive("trainedTokens", trainedTokens);
      problems.require(
          model != null, "trainedTokens", "must be left out: they are counted where Onset trains");
    }
    problems.require(
        !onsetForm || (before != null && after != null && onset != null),
        "",
        "before, after and onset belong together");
    problems.require(
        dose == null || doseTarget() != null, "dose", "must read match(ARM), was '%s'", dose);
    if (phases != null) {
      problems.require(
          !phases.isEmpty() && phases.getFirst().start().value() == 0,
          "phases",
          "the first phase must start at 0%%");
      for (int i = 1; i < phases.size(); i++) {
        problems.require(
            phases.get(i).start().value() > phases.get(i - 1).start().value(),
            "phases[" + i + "].start",
            "phases must be in the order of their starts");
      }
    }
  }

  /** The arm whose number of intervention tokens this one takes; null without dose control. */
  public @Nullable String doseTarget() {
    if (dose == null) {
      return null;
    }
    Matcher matcher = MATCH.matcher(dose.strip());
    return matcher.matches() ? matcher.group(1).strip() : null;
  }

  /** The mixtures that the arm names, by the field that names them. */
  Map<String, String> mixtureNames() {
    Map<String, String> names = new LinkedHashMap<>();
    put(names, "before", before);
    put(names, "after", after);
    put(names, "mixture", mixture);
    for (int i = 0; phases != null && i < phases.size(); i++) {
      put(names, "phases[" + i + "].mixture", phases.get(i).mixture());
    }
    return names;
  }

  private static void put(Map<String, String> names, String field, @Nullable String name) {
    if (name != null) {
      names.put(field, name);
    }
  }
}
