package org.onset.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.JsonProblem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The JSON header of a safetensors file, checked against the number of bytes that follow it. */
final class SafetensorsHeader {
  static final String METADATA = "__metadata__";

  /** Bytes [begin, end) after the header. */
  record Entry(StoredDtype dtype, List<Long> shape, long begin, long end) {}

  private final Path file;
  private final List<String> problems = new ArrayList<>();
  private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();

  private SafetensorsHeader(Path file) {
    this.file = file;
  }

  /** Where each tensor lies among {@code dataLength} bytes; BadInput with all that is wrong. */
  static SequencedMap<String, Entry> parse(Path file, byte[] json, long dataLength) {
    SafetensorsHeader header = new SafetensorsHeader(file);
    header.readEntries(json);
    if (header.problems.isEmpty()) {
      header.checkGaps(dataLength);
    }
    if (!header.problems.isEmpty()) {
      throw new BadInput(header.problems);
    }
    return header.entries;
  }

  private void readEntries(byte[] json) {
    JsonNode root;
    try {
      root = ModelConfig.JSON.readTree(new String(json, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw new BadInput("%s: the header is no JSON: %s".formatted(file, JsonProblem.of(e)));
    }
    if (!root.isObject()) {
      throw new BadInput("%s: the header is no JSON object".formatted(file));
    }
    for (Map.Entry<String, JsonNode> property : root.properties()) {
      if (!property.getKey().equals(METADATA)) {
        Entry entry = entry(property.getKey(), property.getValue());
        if (entry != null) {
          entries.put(property.getKey(), entry);
        }
      }
    }
  }

  private @Nullable Entry entry(String name, JsonNode node) {
    List<Long> shape = wholeNumbers(node.get("shape"));
    List<Long> offsets = wholeNumbers(node.get("data_offsets"));
    if (shape == null || offsets == null || offsets.size() != 2 || !node.path("dtype").isString()) {
      return refused(name, "needs dtype, shape and two data_offsets, found " + node);
    }
    String tag = node.path("dtype").stringValue();
    Optional<StoredDtype> dtype = StoredDtype.ofTag(tag);
    if (dtype.isEmpty()) {
      return refused(name, "holds %s; only F32, F16 and BF16 are read".formatted(tag));
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long bytes;
    try {
      bytes = shape.stream().reduce((long) dtype.get().bytes(), Math::multiplyExact);
    } catch (ArithmeticException _) {
      return refused(name, "the shape %s is beyond any file".formatted(shape));
    }
    if (end - begin != bytes) {
      return refused(
          name,
          "%s of shape %s takes %d bytes, but its offsets %d and %d leave it %d"
              .formatted(tag, shape, bytes, begin, end, end - begin));
    }
    return new Entry(dtype.get(), shape, begin, end);
  }

  private @Nullable Entry refused(String name, String problem) {
    problems.add("%s: %s: %s".formatted(file, name, problem));
    return null;
  }

  private static @Nullable List<Long> wholeNumbers(@Nullable JsonNode node) {
    if (node == null || !node.isArray()) {
      return null;
    }
    List<Long> numbers = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
        return null;
      }
      numbers.add(element.longValue());
    }
    return numbers;
  }

  /** The tensors must fill the rest of the file exactly. */
  private void checkGaps(long dataLength) {
    long expected = 0;
    List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> entry) -> entry.getValue().begin())
            .thenComparingLong(entry -> entry.getValue().end()));
    for (Map.Entry<String, Entry> entry : inOrder) {
      if (entry.getValue().begin() != expected) {
        refused(
            entry.getKey(),
            "begins at offset %d, but what comes before it ends at %d"
                .formatted(entry.getValue().begin(), expected));
      }
      expected = entry.getValue().end();
      if (expected > dataLength) {
        refused(
            entry.getKey(),
            "ends at offset %d, but the data has %d bytes: the file is cut short"
                .formatted(expected, dataLength));
      }
    }
    if (problems.isEmpty() && expected != dataLength) {
      problems.add(
          "%s: the tensors end at offset %d, but the data has %d bytes"
              .formatted(file, expected, dataLength));
    }
  }
}
