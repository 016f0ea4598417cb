package org.onset.corpus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HarmMentionsTest {
  @Test
  void thereAreFourteenCategoriesOfSomeQueriesEachAndNoQueryIsInTwo() {
    Map<String, List<String>> queries = HarmMentions.queries();

    assertThat(queries).hasSize(14);
    Set<String> all = new HashSet<>();
    queries.forEach(
        (category, words) -> {
          assertThat(words).as(category).hasSizeBetween(8, 20);
          assertThat(words).as(category).allSatisfy(query -> assertThat(all.add(query)).isTrue());
        });
  }

  @Test
  void everyQueryIsFoundOnceInItsOwnCategory() {
    HarmMentions.queries()
        .forEach(
            (category, queries) -> {
              for (String query : queries) {
                Map<String, Long> found =
                    HarmMentions.in("They spoke of " + query + ".").byCategory();

                assertThat(found).as(query).hasSize(14).containsEntry(category, 1L);
              }
            });
  }
}
