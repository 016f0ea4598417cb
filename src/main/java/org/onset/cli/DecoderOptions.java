package org.onset.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onset.Problems;
import org.onset.Seeds;
import org.onset.decode.Decoder;
import picocli.CommandLine.Option;

/** How the next tokens are chosen: the same options for every command that generates. */
final class DecoderOptions {
  private static final String NAMES = "greedy, topk, topp, beam, safebeam, safebeam-threshold";

  @Option(
      names = "--decoder",
      defaultValue = "greedy",
      paramLabel = "NAME",
      description =
          "greedy, topk, topp, beam, safebeam (the paper's rule) or safebeam-threshold"
              + " (default: ${DEFAULT-VALUE}).")
  private String decoder = "greedy";

  @Option(names = "--k", description = "topk: tokens to sample among (default: 10).")
  private @Nullable Integer k;

  @Option(names = "--p", description = "topp: probability to sample within (default: 0.9).")
  private @Nullable Double p;

  @Option(names = "--temperature", description = "topk and topp (default: 1).")
  private @Nullable Double temperature;

  @Option(names = "--beams", description = "beam and SafeBeam (default: 4).")
  private @Nullable Integer beams;

  @Option(names = "--extensions", description = "SafeBeam: candidates a beam (default: the beams).")
  private @Nullable Integer extensions;

  @Option(
      names = "--threshold",
      description =
          "safebeam-threshold: probability of the tag above which a candidate may go"
              + " (default: 0.005).")
  private @Nullable Double threshold;

  @Option(names = "--stop-on-tag", description = "SafeBeam: end a beam that turns to the tag.")
  private @Nullable Boolean stopOnTag;

  @Option(names = "--seed", description = "Seed of topk and topp (default: 0).")
  private @Nullable Long seed;

  /**
   * The decoder; {@code problems} takes what is wrong with it, and options that it doesn't have.
   */
  Decoder chosen(List<String> problems) {
    int beamCount = or(beams, 4);
    int candidates = or(extensions, beamCount);
    Decoder chosen =
        switch (decoder) {
          case "greedy" -> new Decoder.Greedy();
          case "topk" -> new Decoder.TopK(or(k, 10), or(temperature, 1.0));
          case "topp" -> new Decoder.TopP(or(p, 0.9), or(temperature, 1.0));
          case "beam" -> new Decoder.Beam(beamCount);
          case "safebeam" -> new Decoder.SafeBeam(beamCount, candidates, or(stopOnTag, false));
          case "safebeam-threshold" ->
              new Decoder.SafeBeamThreshold(
                  beamCount, candidates, or(threshold, 0.005), or(stopOnTag, false));
          default -> {
            problems.add("--decoder: '%s' is none of %s".formatted(decoder, NAMES));
            yield new Decoder.Greedy();
          }
        };
    if (chosen.name().equals(decoder)) {
      refuseOthersOptions(problems);
    }
    Problems found = new Problems();
    chosen.check(found);
    found
        .found()
        .forEach(problem -> problems.add("--" + problem.field() + ": " + problem.message()));
    return chosen;
  }

  Seeds seeds() {
    return new Seeds(or(seed, 0L));
  }

  private void refuseOthersOptions(List<String> problems) {
    List<String> beam = List.of("beam", "safebeam", "safebeam-threshold");
    List<String> safe = List.of("safebeam", "safebeam-threshold");
    List<String> sampling = List.of("topk", "topp");
    refuse("--k", k, List.of("topk"), problems);
    refuse("--p", p, List.of("topp"), problems);
    refuse("--temperature", temperature, sampling, problems);
    refuse("--beams", beams, beam, problems);
    refuse("--extensions", extensions, safe, problems);
    refuse("--threshold", threshold, List.of("safebeam-threshold"), problems);
    refuse("--stop-on-tag", stopOnTag, safe, problems);
    refuse("--seed", seed, sampling, problems);
  }

  private void refuse(
      String option, @Nullable Object given, List<String> having, List<String> problems) {
    if (given != null && !having.contains(decoder)) {
      problems.add(
          "%s: %s doesn't have it, only %s; leave it out or choose another --decoder"
              .formatted(option, decoder, String.join(", ", having)));
    }
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
