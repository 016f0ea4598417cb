package org.onset.report;

import org.jspecify.annotations.Nullable;
import org.onset.study.results.Results.Row;

/** When in a model's life something was measured; a benign stage names its task. */
record Stage(String stage, @Nullable String task) {
  static Stage of(Row row) {
    return new Stage(row.stage(), row.task());
  }

  String title() {
    return task == null ? stage : stage + ": " + task;
  }

  /** As a part of a sentence. */
  String words() {
    return switch (stage) {
      case "base" -> "before any tuning";
      case "instruct" -> "after instruction tuning";
      case "benign" ->
          task == null ? "after benign finetuning" : "after benign finetuning on " + task;
      default -> "at stage " + title();
    };
  }

  /** The stages as they follow each other; stages that the report doesn't know come last. */
  int order() {
    return switch (stage) {
      case "base" -> 0;
      case "instruct" -> 1;
      case "benign" -> 2;
      default -> 3;
    };
  }
}
