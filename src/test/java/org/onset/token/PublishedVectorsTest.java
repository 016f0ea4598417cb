package org.onset.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
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

  /** Ours, but where a text holds the literal of an added token, against the native library's. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "neox", "dolma2"})
  void anyTextGivesTheIdsOfTheLibrary(String name) throws IOException {
    TokenizerFiles files = TokenizerFiles.read(data(name));
    BytePairEncoder ours = files.bytePairs().orElseThrow();
    int encoded = 0;
    try (HuggingFaceTokenizer library =
        HuggingFaceTokenizer.newInstance(
            data(name + "/tokenizer.json"), Map.of("truncation", "false"))) {
      for (String text : texts()) {
        Optional<int[]> found = ours.encode(text);
        if (found.isPresent()) {
          long[] known = library.encode(text, false, false).getIds();
          assertThat(IntStream.of(found.get()).asLongStream().toArray())
              .as(SampleTokenizers.escaped(text))
              .isEqualTo(known);
          encoded++;
        }
      }
    }
    assertThat(encoded).isGreaterThan(1_000);
  }

  private static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    for (int seed = 0; seed < 2_000; seed++) {
      texts.add(SampleTokenizers.manyKinds(new SplittableRandom(seed)));
    }
    for (String sample : List.of("books-00", "mixed-00", "techdocs-00")) {
      Path file = Path.of(System.getenv("ONSET_DATA"), "pretrain", sample + ".jsonl.gz");
      try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
          BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
        lines.lines().limit(40).forEach(line -> texts.addAll(parts(line)));
      }
    }
    return texts;
  }

  /** The beginning as it is, and its lines, of which more lack a literal. */
  private static List<String> parts(String line) {
    String text = JSON.readTree(line).path("text").asString();
    String beginning =
        text.substring(
            0, text.offsetByCodePoints(0, Math.min(4_000, text.codePointCount(0, text.length()))));
    return Stream.concat(Stream.of(beginning), beginning.lines()).toList();
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
