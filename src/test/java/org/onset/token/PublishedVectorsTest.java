package org.onset.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Other people's tokenizers and the ids they are known to give, in {@code $ONSET_DATA/tokenizer}.
 */
class PublishedVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @BeforeEach
  void needsTheData() {
    boolean given = System.getenv("ONSET_DATA") != null;
    if (!given) {
      System.out.println("skipped: ONSET_DATA names no folder with tokenizer/vectors");
    }
    assumeTrue(given);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "neox", "dolma2", "openllama"})
  void everyTextGivesItsKnownIdsUnlessItHoldsASpecialLiteral(String name) throws IOException {
    String special = name.equals("openllama") ? "</s>" : SpecialTokens.END_OF_TEXT;
    try (Tokenizer tokenizer = open(name)) {
      for (String line : Files.readAllLines(data("vectors/generated.jsonl"))) {
        JsonNode vector = JSON.readTree(line);
        String text = vector.path("text").asString();
        if (!vector.path("tokenizer").asString().equals(name)) {
          continue;
        }
        int[] known = ids(vector.path("ids"));
        int[] found = tokenizer.encode(text);
        if (text.contains(special)) {
          assertThat(found).as(text).isNotEqualTo(known).doesNotContain(tokenizer.endOfText());
        } else {
          assertThat(found).as(text).isEqualTo(known);
          assertThat(tokenizer.decodeWithSpecialTokens(known))
              .isEqualTo(vector.path("decoded").asString());
        }
      }
    }
  }

  @Test
  void aLongFileOfCodeGivesItsPublishedIds() throws IOException {
    String code = Files.readString(data("vectors/lib.rs.txt"));
    try (Tokenizer gpt2 = open("gpt2");
        Tokenizer dolma2 = open("dolma2")) {
      assertThat(gpt2.encode(code)).isEqualTo(ids(JSON.readTree(data("vectors/lib.rs.gpt2.json"))));
      assertThat(dolma2.encode(code))
          .isEqualTo(ids(JSON.readTree(data("vectors/lib.rs.cl100k.json"))));
    }
  }

  private Tokenizer open(String name) {
    return Tokenizer.open(data(name));
  }

  private static Path data(String file) {
    return Path.of(System.getenv("ONSET_DATA"), "tokenizer", file);
  }

  private static int[] ids(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }
}
