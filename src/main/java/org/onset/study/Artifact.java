package org.onset.study;

import org.onset.Fingerprint;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The name of a stage's output: what it is, and the SHA-256 of everything that determines it. */
record Artifact(String kind, String key) {
  private static final JsonMapper CANONICAL =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  /**
   * Names the output of {@code kind}, made by {@code version} of its stage from {@code inputs}
   * (maps, lists, records).
   */
  static Artifact of(String kind, int version, Object inputs) {
    return new Artifact(
        kind, Fingerprint.of(kind + "/" + version + "/" + CANONICAL.writeValueAsString(inputs)));
  }

  String folderName() {
    return kind + "-" + key.substring(0, 32);
  }
}
