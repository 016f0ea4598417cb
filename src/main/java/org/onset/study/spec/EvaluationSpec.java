package org.onset.study.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.decode.Decoder;

/**
 * What is measured. {@code promptsPerSuite} caps request sets that come from files; {@code
 * contextLength} is what every model sees at most, where that isn't the context it is pretrained
 * with.
 */
public record EvaluationSpec(
    DecodersSpec decoders,
    int maxNewTokens,
    @Nullable Integer contextLength,
    int promptsPerSuite,
    int perplexityDocuments,
    double probeL2)
    implements Checked {
  /** The suite of perplexities in the results. */
  public static final String HELD_OUT = "held-out";

  /** The suite of linear probes in the results. */
  public static final String PROBE = "probe";

  @Override
  public void check(Problems problems) {
    problems.positive("maxNewTokens", maxNewTokens);
    if (contextLength != null) {
      problems.within("contextLength", contextLength, 1, TrainingLimits.CONTEXT_LENGTH);
    }
    problems.positive("promptsPerSuite", promptsPerSuite);
    problems.positive("perplexityDocuments", perplexityDocuments);
    problems.positive("probeL2", probeL2);
    problems.require(!decoders.byName().isEmpty(), "decoders", "must name at least one decoder");
  }

  /** The decoders to evaluate with, by the names that stand in the results. */
  public record DecodersSpec(
      @Nullable Greedy greedy,
      @Nullable TopK topk,
      @Nullable TopP topp,
      @Nullable Beam beam,
      @Nullable SafeBeam safebeam,
      @JsonProperty("safebeam-threshold") @Nullable SafeBeamThreshold safebeamThreshold) {

    /** Those that are given, in the order above. */
    public Map<String, DecoderSpec> byName() {
      Map<String, DecoderSpec> given = new LinkedHashMap<>();
      put(given, "greedy", greedy);
      put(given, "topk", topk);
      put(given, "topp", topp);
      put(given, "beam", beam);
      put(given, "safebeam", safebeam);
      put(given, "safebeam-threshold", safebeamThreshold);
      return given;
    }

    private static void put(
        Map<String, DecoderSpec> given, String name, @Nullable DecoderSpec decoder) {
      if (decoder != null) {
        given.put(name, decoder);
      }
    }
  }

  /** A decoder with its settings; {@code samples} is how often it answers each prompt. */
  public sealed interface DecoderSpec extends Checked {
    int MOST_SAMPLES = 1_000;

    Decoder decoder();

    default int samples() {
      return 1;
    }

    /** Whether it looks for the harmfulness tag, which other people's tokenizers don't have. */
    default boolean needsTag() {
      return false;
    }

    @Override
    default void check(Problems problems) {
      decoder().check(problems);
      problems.within("samples", samples(), 1, MOST_SAMPLES);
    }
  }

  public record Greedy() implements DecoderSpec {
    @Override
    public Decoder decoder() {
      return new Decoder.Greedy();
    }
  }

  public record TopK(int k, double temperature, int samples) implements DecoderSpec {
    @Override
    public Decoder decoder() {
      return new Decoder.TopK(k, temperature);
    }
  }

  public record TopP(double p, double temperature, int samples) implements DecoderSpec {
    @Override
    public Decoder decoder() {
      return new Decoder.TopP(p, temperature);
    }
  }

  public record Beam(int beams) implements DecoderSpec {
    @Override
    public Decoder decoder() {
      return new Decoder.Beam(beams);
    }
  }

  public record SafeBeam(int beams, int extensions, boolean stopOnTag) implements DecoderSpec {
    @Override
    public Decoder decoder() {
      return new Decoder.SafeBeam(beams, extensions, stopOnTag);
    }

    @Override
    public boolean needsTag() {
      return true;
    }
  }

  public record SafeBeamThreshold(int beams, int extensions, double threshold, boolean stopOnTag)
      implements DecoderSpec {
    @Override
    public Decoder decoder() {
      return new Decoder.SafeBeamThreshold(beams, extensions, threshold, stopOnTag);
    }

    @Override
    public boolean needsTag() {
      return true;
    }
  }
}
