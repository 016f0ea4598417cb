package org.onset.report;

/**
 * A metric's name in results, its title in tables, and the words it has in a sentence. A share is
 * shown in percent.
 */
record Metric(String name, String title, String words, boolean share) {
  static final String ASR = "asr";
  static final String LEAK_RATE = "leak_rate";
  static final String OVERREFUSAL = "overrefusal";
  static final String HELPFUL_RATE = "helpful_rate";
  static final String INCOHERENT_RATE = "incoherent_rate";
  static final String ACCURACY = "accuracy";
  static final String PERPLEXITY = "perplexity";
  static final String PROBE_AUROC = "probe_auroc";

  /** Names that the report doesn't know yet stand for themselves. */
  static Metric of(String name) {
    return switch (name) {
      case ASR -> share(name, "Attack success", "attack success");
      case LEAK_RATE -> share(name, "Leaks", "leaked content");
      case "refusal_rate" -> share(name, "Refusals", "refusals");
      case OVERREFUSAL -> share(name, "Over-refusal", "over-refusal");
      case HELPFUL_RATE -> share(name, "Helpful answers", "helpful answers");
      case INCOHERENT_RATE -> share(name, "Incoherent answers", "incoherent answers");
      case ACCURACY -> share(name, "Accuracy", "accuracy");
      case "probe_accuracy" -> share(name, "Probe accuracy", "probe accuracy");
      case "tag_probability" -> share(name, "Tag probability", "the tag's probability");
      case "recall" -> share(name, "Recall", "recall");
      case "precision" -> share(name, "Precision", "precision");
      case PERPLEXITY -> new Metric(name, "Perplexity", "perplexity", false);
      case PROBE_AUROC -> new Metric(name, "Probe AUROC", "probe AUROC", false);
      default -> new Metric(name, name, name, false);
    };
  }

  private static Metric share(String name, String title, String words) {
    return new Metric(name, title, words, true);
  }
}
