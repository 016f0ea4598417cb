package org.onset.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onset.BadInput;

/**
 * What is wrong with the files read so far, in the order found. Each file's first problems are
 * spelled out, the rest counted.
 */
final class Complaints {
  private static final int SPELLED_OUT = 10;

  private final Map<Path, List<String>> byFile = new LinkedHashMap<>();
  private final Map<Path, Integer> counts = new LinkedHashMap<>();

  void add(Path file, String message) {
    record(file, file + ": " + message);
  }

  void add(Path file, long line, String message) {
    record(file, file + ":" + line + ": " + message);
  }

  int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  void throwIfAny() {
    if (byFile.isEmpty()) {
      return;
    }
    List<String> all = new ArrayList<>();
    byFile.forEach(
        (file, messages) -> {
          all.addAll(messages);
          int left = counts.getOrDefault(file, 0) - messages.size();
          if (left > 0) {
            all.add(file + ": and " + left + " more");
          }
        });
    throw new BadInput(all);
  }

  private void record(Path file, String message) {
    List<String> messages = byFile.computeIfAbsent(file, _ -> new ArrayList<>());
    if (messages.size() < SPELLED_OUT) {
      messages.add(message);
    }
    counts.merge(file, 1, Integer::sum);
  }
}
