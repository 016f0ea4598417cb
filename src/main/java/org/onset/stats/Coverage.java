package org.onset.stats;

/** What a repetition of the study would draw anew, and so what an interval speaks about. */
public enum Coverage {
  SEEDS_AND_PROMPTS("seeds × prompts"),
  SEEDS_ONLY("seeds only"),
  PROMPTS_ONLY("prompts only");

  private final String label;

  Coverage(String label) {
    this.label = label;
  }

  /** As it stands in the column {@code interval} of the results. */
  public String label() {
    return label;
  }
}
