package org.onset.decode;

import org.onset.Checked;
import org.onset.Problems;

/** How the next tokens are chosen. To {@link Generation} a decoder must have no problems. */
public sealed interface Decoder extends Checked {

  /** The decoder's word in studies, results and on the command line. */
  String name();

  /** The most likely token each time; of equals the lowest id. */
  record Greedy() implements Decoder {
    @Override
    public String name() {
      return "greedy";
    }

    @Override
    public void check(Problems problems) {}
  }

  /** Samples among the {@code k} most likely tokens (all, where there are fewer). */
  record TopK(int k, double temperature) implements Decoder {
    @Override
    public String name() {
      return "topk";
    }

    @Override
    public void check(Problems problems) {
      problems.positive("k", k);
      checkTemperature(problems, temperature);
    }
  }

  /**
   * Samples among the fewest most likely tokens that together reach probability {@code p}, all
   * probabilities taken at the temperature.
   */
  record TopP(double p, double temperature) implements Decoder {
    @Override
    public String name() {
      return "topp";
    }

    @Override
    public void check(Problems problems) {
      problems.require(p > 0 && p <= 1, "p", "must lie above 0 and at most at 1, was %s", p);
      checkTemperature(problems, temperature);
    }
  }

  /**
   * Beam search: every beam is extended by every token, and the {@code beams} best by summed
   * log-probability go on. The tag is a token like any other here, as in greedy decoding, which is
   * beam search with one beam.
   */
  record Beam(int beams) implements Decoder {
    @Override
    public String name() {
      return "beam";
    }

    @Override
    public void check(Problems problems) {
      checkCount(problems, "beams", beams);
    }
  }

  /**
   * SafeBeam by the paper's rule: of the candidates, {@code extensions} a beam, the half most
   * likely to be followed by the tag is always dropped.
   */
  record SafeBeam(int beams, int extensions, boolean stopOnTag) implements Decoder {
    /** As many extensions as beams, and no stopping on the tag. */
    public SafeBeam(int beams) {
      this(beams, beams, false);
    }

    @Override
    public String name() {
      return "safebeam";
    }

    @Override
    public void check(Problems problems) {
      checkCount(problems, "beams", beams);
      checkCount(problems, "extensions", extensions);
    }
  }

  /**
   * SafeBeam by the threshold rule: of the half that {@link SafeBeam} drops, only candidates go
   * that the tag follows with a probability above {@code threshold}. At 1 none goes.
   */
  record SafeBeamThreshold(int beams, int extensions, double threshold, boolean stopOnTag)
      implements Decoder {
    /** As many extensions as beams, and no stopping on the tag. */
    public SafeBeamThreshold(int beams, double threshold) {
      this(beams, beams, threshold, false);
    }

    @Override
    public String name() {
      return "safebeam-threshold";
    }

    @Override
    public void check(Problems problems) {
      checkCount(problems, "beams", beams);
      checkCount(problems, "extensions", extensions);
      problems.within("threshold", threshold, 0, 1);
    }
  }

  /** More would pass what a search keeps in memory, and what anyone waits for. */
  private static void checkCount(Problems problems, String field, int count) {
    problems.within(field, count, 1, 1_000);
  }

  private static void checkTemperature(Problems problems, double temperature) {
    problems.require(
        temperature > 0 && temperature < Double.POSITIVE_INFINITY,
        "temperature",
        "must be above 0 and finite, was %s; for the most likely token take greedy",
        temperature);
  }
}
