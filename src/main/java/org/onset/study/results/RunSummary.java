package org.onset.study.results;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the report shows, gathered from a run's folder.
 *
 * @param folders the arms that are models trained elsewhere
 * @param warnings what a reader must know before comparing arms
 */
public record RunSummary(
    String title,
    String question,
    String prediction,
    List<ArmSpec> arms,
    List<FolderArm> folders,
    List<String> warnings,
    Results results,
    Exposure exposure,
    List<LossCurve> lossCurves,
    List<CorpusStream> corpus,
    List<ScorerQuality> scorer,
    List<Sample> samples,
    Map<String, String> provenance) {
  public RunSummary {
    arms = List.copyOf(arms);
    folders = List.copyOf(folders);
    warnings = List.copyOf(warnings);
    lossCurves = List.copyOf(lossCurves);
    corpus = List.copyOf(corpus);
    scorer = List.copyOf(scorer);
    samples = List.copyOf(samples);
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
  }

  /**
   * An arm as the study file declares it, field by field, so that the report can show where arms
   * differ.
   */
  public record ArmSpec(String arm, Map<String, String> fields) {}

  /**
   * Training loss over tokens seen, in nats per token, thinned for drawing.
   *
   * @param spikes steps whose loss jumped
   * @param skippedSteps steps whose loss or gradient was not finite
   */
  public record LossCurve(
      String arm,
      long seed,
      @Nullable Long onsetTokens,
      List<Point> points,
      int spikes,
      int skippedSteps) {
    public record Point(long tokensSeen, double loss) {}
  }

  /**
   * How many documents of one stream came out of the corpus, and what they were packed into; null
   * where no arm is pretrained, so that nothing was.
   */
  public record CorpusStream(
      String stream, long documents, @Nullable Long tokens, @Nullable Long windows) {}

  /**
   * The safety scorer at one threshold, on held-out documents: those with a true score of at least
   * {@code score}.
   */
  public record ScorerQuality(
      int score, long positives, @Nullable Double recall, @Nullable Double precision) {}

  /** One completion, quoted as evidence. Model output is untrusted text. */
  public record Sample(
      String arm,
      long seed,
      String stage,
      @Nullable String task,
      String suite,
      @Nullable String attack,
      String decoder,
      String prompt,
      String completion,
      String verdict) {}
}
