package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.onset.corpus.clean.NGramQueries;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** How often texts mention each category of harm; the resource names and explains the queries. */
final class HarmMentions {
  static final String QUERIES = "harm-queries-v1";

  private static final NGramQueries MATCHER = new NGramQueries(queries());

  private final long[] counts;

  /** Of no text yet. */
  HarmMentions() {
    this(new long[MATCHER.categories().size()]);
  }

  private HarmMentions(long[] counts) {
    this.counts = counts;
  }

  static HarmMentions in(String text) {
    return new HarmMentions(MATCHER.count(text));
  }

  void add(HarmMentions more) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += more.counts[i];
    }
  }

  /** Category → occurrences, those without any too. */
  SortedMap<String, Long> byCategory() {
    SortedMap<String, Long> named = new TreeMap<>();
    for (int i = 0; i < counts.length; i++) {
      named.put(MATCHER.categories().get(i), counts[i]);
    }
    return named;
  }

  /** Category → queries, as the resource has them. */
  static Map<String, List<String>> queries() {
    String resource = QUERIES + ".yaml";
    try (InputStream in = HarmMentions.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return new YAMLMapper()
          .readValue(in, new TypeReference<LinkedHashMap<String, List<String>>>() {});
    } catch (IOException e) {
      throw new IllegalStateException(resource + " can't be read", e);
    }
  }
}
