package org.onset.curriculum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.onset.BadInput;
import org.onset.curriculum.Phase.Hold;

/** Makes an arm consume as many intervention tokens as another, wherever its onset lies. */
public final class Dose {
  /** Factors tried, by how many windows they add to the dose: 0, a quarter, minus a quarter, … */
  private static final int TRIES = 25;

  private static final double STRIDE_WINDOWS = 0.25;
  private static final double GOOD_WINDOWS = 0.75;
  private static final double ROUNDING = 1e-9;

  private final Schedule own;
  private final long onsetTokens;
  private final BatchPlan arm;
  private final TrainingSize size;
  private final Map<String, StreamSize> streams;
  private final List<String> interventions;
  private final double[] fixedRows; // due to each intervention stream before the onset
  private final double[] scalingRows; // and from there on, at factor 1

  private Dose(
      Schedule own,
      long onsetTokens,
      BatchPlan arm,
      TrainingSize size,
      Map<String, StreamSize> streams) {
    this.own = own;
    this.onsetTokens = onsetTokens;
    this.arm = arm;
    this.size = size;
    this.streams = streams;
    this.interventions = own.interventions();
    this.fixedRows = new double[interventions.size()];
    this.scalingRows = new double[interventions.size()];
    addUpQuotas();
  }

  /**
   * {@code own} with the weights of its intervention streams multiplied by one factor in every
   * phase that starts at or after {@code onsetTokens}, so that the run consumes as many
   * intervention tokens (those that carry loss) as {@code arm}, to within one window a stream; safe
   * text fills the rest.
   *
   * @throws BadInput where no factor does that, or where it would leave safe text a weight below 0
   */
  public static Schedule match(
      Schedule own,
      long onsetTokens,
      BatchPlan arm,
      TrainingSize size,
      Map<String, StreamSize> streams) {
    return new Dose(own, onsetTokens, arm, size, streams).match();
  }

  /** By quota the factor is exact. Rows are whole, so a factor close by may come closer still. */
  private Schedule match() {
    double fixedTokens = tokensIn(fixedRows);
    double scalingTokens = tokensIn(scalingRows);
    double factor = (armTokens() - fixedTokens) / scalingTokens;
    double largest = largestFactor();
    refuseUnreachable(fixedTokens, scalingTokens, factor, largest);

    Schedule best = own;
    double smallestMiss = Double.POSITIVE_INFINITY;
    for (int attempt = 0; attempt < TRIES && smallestMiss > GOOD_WINDOWS; attempt++) {
      double windows = STRIDE_WINDOWS * (attempt % 2 == 0 ? -attempt / 2 : attempt / 2 + 1);
      double candidate = factor + windows / Arrays.stream(scalingRows).sum();
      Schedule scaled = scaled(Math.clamp(candidate, 0, largest));
      double miss = missInWindows(scaled, factor);
      if (miss < smallestMiss) {
        smallestMiss = miss;
        best = scaled;
      }
    }
    return best;
  }

  private void addUpQuotas() {
    for (long step = 0; step < size.steps(); step++) {
      long tokensSeen = step * size.tokensPerStep();
      Phase phase = own.phaseAt(tokensSeen);
      double[] rows = isRescaled(phase) ? scalingRows : fixedRows;
      for (int i = 0; i < rows.length; i++) {
        rows[i] +=
            phase.mixtureAt(tokensSeen).weight(interventions.get(i)) * size.sequencesPerStep();
      }
    }
  }

  private boolean isRescaled(Phase phase) {
    boolean isReached = size.firstStepAt(phase.startTokens()) < size.steps();
    return phase.startTokens() >= onsetTokens && isReached;
  }

  private double tokensIn(double[] rows) {
    double tokens = 0;
    for (int i = 0; i < rows.length; i++) {
      tokens += rows[i] * tokensPerWindow(interventions.get(i));
    }
    return tokens;
  }

  /** What the other arm's schedule asks for, before its rows become whole. */
  private double armTokens() {
    return arm.counts().streams().stream()
        .filter(Schedule::isIntervention)
        .mapToDouble(stream -> arm.counts().endQuota(stream) * tokensPerWindow(stream))
        .sum();
  }

  /** Zero for a stream without windows: a plan that draws from it is refused. */
  private double tokensPerWindow(String stream) {
    StreamSize streamSize = streams.get(stream);
    return streamSize == null ? 0 : streamSize.trainedTokensPerWindow();
  }

  /** The factor that leaves safe text nothing in the phase where it runs out first. */
  private double largestFactor() {
    double largest = Double.POSITIVE_INFINITY;
    for (Phase phase : own.phases()) {
      if (isRescaled(phase)) {
        Mixture mixture = phase.mixtureAt(phase.startTokens());
        double scaled = interventions.stream().mapToDouble(mixture::weight).sum();
        largest = Math.min(largest, (1 - mixture.weight(Schedule.UNSAFE)) / scaled);
      }
    }
    return largest;
  }

  private Schedule scaled(double factor) {
    List<Phase> phases = new ArrayList<>();
    for (Phase phase : own.phases()) {
      phases.add(
          switch (phase) {
            case Hold(long start, Mixture mixture) when isRescaled(phase) ->
                new Hold(
                    start,
                    mixture.scaled(new LinkedHashSet<>(interventions), factor, Schedule.SAFE));
            case Hold hold -> hold;
          });
    }
    return new Schedule(phases);
  }

  /**
   * How far the whole rows of {@code scaled} are from the dose, in windows: of the total, or of the
   * stream that is furthest from its due, whichever is more. A stream's due is its own quota under
   * {@code factor}, rounded as the other arm's was: where both arms mix alike, the other arm's
   * rows.
   */
  private double missInWindows(Schedule scaled, double factor) {
    RowCounts counts = new RowCounts(scaled, size);
    double longestWindow = 0;
    double missedTokens = 0;
    double furthest = 0;
    for (int i = 0; i < interventions.size(); i++) {
      String stream = interventions.get(i);
      double rounding = arm.counts().endRows(stream) - arm.counts().endQuota(stream);
      double due = fixedRows[i] + factor * scalingRows[i] + rounding;
      double missed = counts.endRows(stream) - due;
      longestWindow = Math.max(longestWindow, tokensPerWindow(stream));
      missedTokens += missed * tokensPerWindow(stream);
      furthest = Math.max(furthest, Math.abs(missed));
    }
    return Math.max(Math.abs(missedTokens) / longestWindow, furthest);
  }

  private void refuseUnreachable(
      double fixedTokens, double scalingTokens, double factor, double largest) {
    if (scalingTokens == 0) {
      throw new BadInput(
          ("the dose can't be matched: no intervention stream is in the mixture from the onset"
                  + " (token %d) to the token budget (%d); give it one, or an earlier onset")
              .formatted(onsetTokens, size.tokenBudget()));
    }
    if (factor < 0) {
      throw new BadInput(
          ("the dose can't be matched: about %d intervention tokens come before the onset (token"
                  + " %d) already, more than the %d to be matched; take the interventions out of"
                  + " the earlier phases")
              .formatted(Math.round(fixedTokens), onsetTokens, Math.round(armTokens())));
    }
    if (factor > largest + ROUNDING) {
      throw new BadInput(
          String.format(
              Locale.ROOT,
              "the dose can't be matched: %d intervention tokens need %.4f times the weights of the"
                  + " intervention streams from the onset (token %d) on, but at %.4f times no"
                  + " weight is left for safe text; use an earlier onset here, or smaller weights"
                  + " in the arm to be matched",
              Math.round(armTokens()),
              factor,
              onsetTokens,
              largest));
    }
  }
}
