package org.onset.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rotation in a config.json. Its base stands at the top ({@code rope_theta}) beside {@code
 * rope_scaling}, or, since transformers 5, with the scaling in {@code rope_parameters}. Both are
 * read, and must agree where both are there; the first is written, which every version reads.
 */
record RopeConfig(double theta, RopeScaling scaling) {
  private static final double DEFAULT_THETA = 10_000;
  private static final String THETA = "rope_theta";
  private static final String SCALING = "rope_scaling";
  private static final String PARAMETERS = "rope_parameters";

  /** The keys of a config that are read here. */
  static final Set<String> KEYS = Set.of(THETA, SCALING, PARAMETERS, "partial_rotary_factor");

  private static final Set<String> KEYS_OF_ANY_KIND =
      Set.of("rope_type", "type", THETA, "partial_rotary_factor");

  static RopeConfig read(ConfigFields config) {
    refusePartialRotation(config);
    List<Double> thetas = new ArrayList<>();
    List<RopeScaling> scalings = new ArrayList<>();
    config.optionalNumber(THETA).ifPresent(thetas::add);
    for (String key : new String[] {SCALING, PARAMETERS}) {
      config
          .object(key)
          .ifPresent(
              rope -> {
                refusePartialRotation(rope);
                rope.optionalNumber(THETA).ifPresent(thetas::add);
                scaling(rope, key.equals(PARAMETERS)).ifPresent(scalings::add);
              });
    }
    if (thetas.stream().distinct().count() > 1) {
      config.refuse("%s: contradicts itself, found %s".formatted(THETA, thetas));
    }
    if (scalings.stream().distinct().count() > 1) {
      config.refuse("%s and %s: contradict each other".formatted(SCALING, PARAMETERS));
    }
    return new RopeConfig(
        thetas.isEmpty() ? DEFAULT_THETA : thetas.getFirst(),
        scalings.isEmpty() ? RopeScaling.NONE : scalings.getFirst());
  }

  private static void refusePartialRotation(ConfigFields config) {
    OptionalDouble share = config.optionalNumber("partial_rotary_factor");
    if (share.orElse(1) != 1) {
      config.refuse("partial_rotary_factor: only whole heads can be rotated");
    }
  }

  private static Optional<RopeScaling> scaling(ConfigFields rope, boolean mayLeaveKindOut) {
    Optional<String> kind = rope.text("rope_type");
    Optional<String> olderName = rope.text("type");
    if (kind.isPresent() && olderName.isPresent() && !kind.equals(olderName)) {
      rope.refuse("rope_type is %s, but type is %s".formatted(kind.get(), olderName.get()));
      return Optional.empty();
    }
    kind = kind.or(() -> olderName);
    if (kind.isEmpty() && !mayLeaveKindOut) {
      rope.refuse("rope_type: must name the kind of scaling, found nothing");
      return Optional.empty();
    }
    return switch (kind.orElse("default")) {
      case "default" -> {
        refuseUnknown(rope);
        yield Optional.of(RopeScaling.NONE);
      }
      case "linear" -> {
        refuseUnknown(rope, "factor");
        yield Optional.of(new RopeScaling.Linear(rope.number("factor")));
      }
      case "llama3" -> {
        refuseUnknown(
            rope,
            "factor",
            "low_freq_factor",
            "high_freq_factor",
            "original_max_position_embeddings");
        yield Optional.of(
            new RopeScaling.Llama3(
                rope.number("factor"),
                rope.number("low_freq_factor"),
                rope.number("high_freq_factor"),
                rope.wholeNumber("original_max_position_embeddings")));
      }
      default -> {
        rope.refuse(
            "rope_type: only default, linear and llama3 are computed, found " + kind.orElseThrow());
        yield Optional.empty();
      }
    };
  }

  private static void refuseUnknown(ConfigFields rope, String... keysOfKind) {
    Set<String> known = new HashSet<>(KEYS_OF_ANY_KIND);
    known.addAll(List.of(keysOfKind));
    rope.refuseUnknown(known);
  }

  void writeTo(ObjectNode config) {
    config.put(THETA, theta);
    switch (scaling) {
      case RopeScaling.None _ -> config.putNull(SCALING);
      case RopeScaling.Linear(double factor) ->
          config.putObject(SCALING).put("rope_type", "linear").put("factor", factor);
      case RopeScaling.Llama3(double factor, double low, double high, int original) ->
          config
              .putObject(SCALING)
              .put("rope_type", "llama3")
              .put("factor", factor)
              .put("low_freq_factor", low)
              .put("high_freq_factor", high)
              .put("original_max_position_embeddings", original);
    }
  }
}
