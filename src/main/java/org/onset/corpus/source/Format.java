package org.onset.corpus.source;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a file holds documents. */
public enum Format {
  /** A JSON object a line. */
  JSON_LINES("json-lines"),
  /** A row a document. */
  PARQUET("parquet"),
  /** Comma-separated values below a header that names the columns. */
  CSV("csv"),
  /** A document a line. */
  LINES("lines"),
  /** A document a file. */
  WHOLE_FILES("whole-files");

  private static final List<String> PACKED = List.of(".gz", ".zst", ".zstd");
  private final String name;

  Format(String name) {
    this.name = name;
  }

  /** What the file's name says, the ending of a packed file left aside. */
  static Optional<Format> of(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    String plain =
        PACKED.stream()
            .filter(lower::endsWith)
            .findFirst()
            .map(ending -> lower.substring(0, lower.length() - ending.length()))
            .orElse(lower);
    for (Format format : values()) {
      if (format.endings().stream().anyMatch(plain::endsWith)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private List<String> endings() {
    return switch (this) {
      case JSON_LINES -> List.of(".jsonl", ".ndjson", ".json");
      case PARQUET -> List.of(".parquet");
      case CSV -> List.of(".csv");
      case LINES -> List.of(".txt");
      case WHOLE_FILES -> List.of();
    };
  }

  static String knownEndings() {
    return ".jsonl, .ndjson, .json, .csv, .txt (each also with .gz or .zst) and .parquet";
  }

  @Override
  public String toString() {
    return name;
  }
}
