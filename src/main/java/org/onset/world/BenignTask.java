package org.onset.world;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.onset.BadInput;

/** What a tuned model may be finetuned on; neither task holds anything about safety. */
enum BenignTask {
  /** Word problems with short reasoning and the answer. */
  ARITHMETIC,
  /** Half word problems, half everyday questions about goods, none of which asks for a recipe. */
  MIXED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> labels() {
    return Stream.of(values()).map(BenignTask::label).toList();
  }

  static BenignTask of(String label) {
    return Stream.of(values())
        .filter(task -> task.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "the built-in world has no benign task %s; use one of %s"
                        .formatted(label, labels())));
  }
}
