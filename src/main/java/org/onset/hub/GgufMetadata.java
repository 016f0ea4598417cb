package org.onset.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;

/** The metadata of a GGUF file by key; what is wrong with it is collected, to be said at once. */
final class GgufMetadata {
  private final Path file;
  private final SequencedMap<String, GgufValue> values;
  private final List<String> problems = new ArrayList<>();

  GgufMetadata(Path file, SequencedMap<String, GgufValue> values) {
    this.file = file;
    this.values = values;
  }

  SequencedSet<String> keys() {
    return values.sequencedKeySet();
  }

  Optional<String> text(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Text(String text) -> Optional.of(text);
      case GgufValue other -> mistyped(key, "text", other, Optional.empty());
    };
  }

  OptionalLong wholeNumber(String key) {
    return switch (values.get(key)) {
      case null -> OptionalLong.empty();
      case GgufValue.Whole(long value) -> OptionalLong.of(value);
      // Some sizes may be told layer by layer.
      case GgufValue.Many(List<GgufValue> each)
          when each.stream().distinct().count() == 1
              && each.getFirst() instanceof GgufValue.Whole(long value) ->
          OptionalLong.of(value);
      case GgufValue other ->
          mistyped(key, "a whole number, the same for all layers", other, OptionalLong.empty());
    };
  }

  /** A size; 0, and a problem, when there is none. */
  int size(String key) {
    OptionalLong value = wholeNumber(key);
    if (!values.containsKey(key)) {
      refuse(key, "is missing");
    } else if (value.isPresent() && (value.getAsLong() <= 0 || tooLarge(value.getAsLong()))) {
      refuse(key, "must be a size, was " + value.getAsLong());
      return 0;
    }
    return (int) value.orElse(0);
  }

  int size(String key, int otherwise) {
    return values.containsKey(key) ? size(key) : otherwise;
  }

  private static boolean tooLarge(long value) {
    return value > Integer.MAX_VALUE;
  }

  OptionalInt tokenId(String key, int vocabSize) {
    OptionalLong id = wholeNumber(key);
    if (id.isEmpty()) {
      return OptionalInt.empty();
    }
    if (id.getAsLong() < 0 || id.getAsLong() >= vocabSize) {
      refuse(key, "must be one of %d tokens, was %d".formatted(vocabSize, id.getAsLong()));
      return OptionalInt.empty();
    }
    return OptionalInt.of((int) id.getAsLong());
  }

  OptionalDouble number(String key) {
    return switch (values.get(key)) {
      case null -> OptionalDouble.empty();
      case GgufValue.Real(double value) -> OptionalDouble.of(value);
      case GgufValue.Whole(long value) -> OptionalDouble.of((double) value);
      case GgufValue other -> mistyped(key, "a number", other, OptionalDouble.empty());
    };
  }

  Optional<Boolean> flag(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Flag(boolean flag) -> Optional.of(flag);
      case GgufValue other -> mistyped(key, "true or false", other, Optional.empty());
    };
  }

  /** A list of texts, empty where there is none. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (GgufValue value : many(key)) {
      if (value instanceof GgufValue.Text(String text)) {
        texts.add(text);
      } else {
        return mistyped(key, "a list of texts", value, List.of());
      }
    }
    return texts;
  }

  /** A list of whole numbers, empty where there is none. */
  List<Long> wholeNumbers(String key) {
    List<Long> numbers = new ArrayList<>();
    for (GgufValue value : many(key)) {
      if (value instanceof GgufValue.Whole(long number)) {
        numbers.add(number);
      } else {
        return mistyped(key, "a list of whole numbers", value, List.of());
      }
    }
    return numbers;
  }

  private List<GgufValue> many(String key) {
    return switch (values.get(key)) {
      case null -> List.of();
      case GgufValue.Many(List<GgufValue> all) -> all;
      case GgufValue other -> mistyped(key, "a list", other, List.of());
    };
  }

  private <T> T mistyped(String key, String wanted, GgufValue found, T otherwise) {
    refuse(key, "must be %s, found %s".formatted(wanted, found));
    return otherwise;
  }

  @Nullable GgufValue value(String key) {
    return values.get(key);
  }

  /** Notes a problem of the entry or tensor {@code name}. */
  void refuse(String name, String problem) {
    problems.add("%s: %s: %s".formatted(file, name, problem));
  }

  boolean isSound() {
    return problems.isEmpty();
  }

  void throwProblems() {
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }
}
