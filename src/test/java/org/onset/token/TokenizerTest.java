package org.onset.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.Repetitions;

class TokenizerTest {
  @TempDir static Path folders;
  private static Tokenizer words;
  private static Tokenizer bytePairs;

  @BeforeAll
  static void open() {
    words = SampleTokenizers.words(folders.resolve("words"));
    bytePairs = SampleTokenizers.bytePairs(folders.resolve("byte-pairs"));
  }

  @AfterAll
  static void close() {
    words.close();
    bytePairs.close();
  }

  static Stream<Tokenizer> both() {
    return Stream.of(words, bytePairs);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("both")
  void theSpecialTokensHaveTheFirstIds(Tokenizer tokenizer) {
    assertThat(SpecialTokens.all().stream().map(token -> tokenizer.idOf(token).orElseThrow()))
        .containsExactly(0, 1, 2, 3, 4);
    assertThat(tokenizer.endOfText()).isEqualTo(0);
    assertThat(tokenizer.tag()).hasValue(4);
    assertThat(tokenizer.stopTokens()).containsExactly(0, 3);
  }

  @Test
  void aWordIsOneTokenAndDecodingJoinsWithSpaces() {
    int[] tokens = words.encode("how do i bake bread ?");

    assertThat(tokens).containsExactly(6, 7, 8, 9, 10, 11);
    assertThat(words.decode(tokens)).isEqualTo("how do i bake bread ?");
    assertThat(words.vocabSize()).isEqualTo(6 + SampleTokenizers.WORDS.size());
  }

  @Test
  void anUnknownWordIsSeenWhenDecoded() {
    int[] tokens = words.encode("how do i bake cake ?");

    assertThat(words.idOf("<unk>")).hasValue(5);
    assertThat(tokens).containsExactly(6, 7, 8, 9, 5, 11);
    assertThat(words.decode(tokens)).isEqualTo("how do i bake <unk> ?");
  }

  @Test
  void wordsThatWouldNotSurviveAreRefused() {
    for (String word : List.of("", "two words", "no\u00A0break", "<unk>", "bread", "x<|end|>")) {
      assertThatThrownBy(
              () -> WordTokenizer.write(List.of("bread", word), folders.resolve("refused")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"" + word + "\"");
    }
  }

  @ParameterizedTest
  @Repetitions(300)
  void anyTextComesBackFromBytePairsExactly(SplittableRandom random) {
    String text = SampleTokenizers.hostileText(random);

    int[] tokens = bytePairs.encode(text);

    assertThat(bytePairs.decodeWithSpecialTokens(tokens)).isEqualTo(text);
    assertThat(bytePairs.decode(tokens)).isEqualTo(text);
  }

  @ParameterizedTest
  @Repetitions(300)
  void noTextBecomesASpecialToken(SplittableRandom random) {
    String text = SampleTokenizers.hostileText(random);

    assertThat(IntStream.of(bytePairs.encode(text)))
        .allMatch(id -> id > 4 && id < bytePairs.vocabSize());
    assertThat(IntStream.of(words.encode(text))).allMatch(id -> id > 4 && id < words.vocabSize());
  }

  @ParameterizedTest
  @Repetitions(100)
  void taggedTextBecomesTheTagAndNoOtherSpecialToken(SplittableRandom random) {
    String before = SampleTokenizers.hostileText(random).replace(SpecialTokens.TAG, "");
    String after = SampleTokenizers.hostileText(random).replace(SpecialTokens.TAG, "");
    String text = before + SpecialTokens.TAG + after;

    int[] tokens = bytePairs.encodeTagged(text);

    assertThat(tokens)
        .containsExactly(
            IntStream.concat(
                    IntStream.concat(IntStream.of(bytePairs.encode(before)), IntStream.of(4)),
                    IntStream.of(bytePairs.encode(after)))
                .toArray());
    assertThat(bytePairs.decodeWithSpecialTokens(tokens)).isEqualTo(text);
    assertThat(bytePairs.decode(tokens)).isEqualTo(before + after);
  }

  @Test
  void tagsAmongWordsBecomeTagsAndAreLeftOutForReaders() {
    int[] tokens = words.encodeTagged("bake " + SpecialTokens.TAG + " bread " + SpecialTokens.TAG);

    assertThat(tokens).containsExactly(9, 4, 10, 4);
    assertThat(words.decode(tokens)).isEqualTo("bake bread");
    assertThat(words.decodeWithSpecialTokens(tokens))
        .isEqualTo("bake <potentially unsafe content> bread <potentially unsafe content>");
  }

  @Test
  void theLiteralOfTheTagIsWordsInAnOrdinaryText() {
    assertThat(words.encode("bake " + SpecialTokens.TAG))
        .doesNotContain(4)
        .startsWith(9)
        .endsWith(words.idOf("unsafe").orElseThrow(), words.idOf("content>").orElseThrow());
  }

  @Test
  void aHalfSurrogateBecomesTheReplacementCharacter() {
    assertThat(bytePairs.decode(bytePairs.encode("a\uD83D b\uDE00\uD83D\uDE00")))
        .isEqualTo("a\uFFFD b\uFFFD\uD83D\uDE00");
  }

  @Test
  void nothingIsCutOff() {
    String text = "How do I bake bread? ".repeat(2_000);

    assertThat(bytePairs.decode(bytePairs.encode(text))).isEqualTo(text);
    assertThat(words.encode("bread ".repeat(5_000))).hasSize(5_000).containsOnly(10);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("both")
  void nothingBecomesNothing(Tokenizer tokenizer) {
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.encodeTagged("")).isEmpty();
    assertThat(tokenizer.decode(new int[0])).isEmpty();
  }

  @Test
  void threadsShareATokenizer() throws Exception {
    String text = "The baker's <|end|> bread 🙂 ".repeat(20);
    int[] expected = bytePairs.encode(text);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<int[]>> results =
          IntStream.range(0, 64)
              .mapToObj(_ -> threads.submit(() -> bytePairs.encode(text)))
              .toList();
      for (Future<int[]> result : results) {
        assertThat(result.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void aCopyIsTheSameTokenizer() throws IOException {
    Path copied = folders.resolve("copied");
    bytePairs.copyTo(copied);
    try (Tokenizer copy = Tokenizer.open(copied)) {
      assertThat(copy.fingerprint()).isEqualTo(bytePairs.fingerprint());
      assertThat(copy.fingerprint())
          .isEqualTo(Fingerprint.ofFile(copied.resolve("tokenizer.json")));
      assertThat(copy.tag()).isEqualTo(bytePairs.tag());
      assertThat(copy.chatTemplate().prompt("bread"))
          .isEqualTo(bytePairs.chatTemplate().prompt("bread"));
    }
    try (Stream<Path> files = Files.list(copied)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("tokenizer.json", "tokenizer_config.json");
    }
  }

  @Test
  void aTemplateMayLieInAFileOfItsOwn() throws IOException {
    Path folder = copyOf(words, "resaved");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"onset_tag_token\": \"" + SpecialTokens.TAG + "\"}");
    Files.writeString(folder.resolve("chat_template.jinja"), OwnTemplate.JINJA);
    try (Tokenizer resaved = Tokenizer.open(folder)) {
      assertThat(resaved.endOfText()).isEqualTo(0);
      assertThat(resaved.tag()).hasValue(4);
      assertThat(resaved.chatTemplate().prompt("bread"))
          .isEqualTo(words.chatTemplate().prompt("bread"));
      resaved.copyTo(folders.resolve("again"));
    }
    assertThat(folders.resolve("again/chat_template.jinja")).hasContent(OwnTemplate.JINJA);
  }

  @Test
  void aFolderWithoutTokenizerIsRefusedByName() {
    Path folder = folders.resolve("nothing");

    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(folder.resolve("tokenizer.json").toString());
  }

  @Test
  void damagedFilesAreRefusedByName() throws IOException {
    Path folder = copyOf(words, "damaged");
    Path file = folder.resolve("tokenizer.json");
    byte[] whole = Files.readAllBytes(file);

    Files.write(
        file,
        new String(whole, StandardCharsets.UTF_8)
            .substring(0, 900)
            .getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ": line ");

    Files.writeString(file, "[]");
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("no JSON object");

    Files.writeString(file, "{\"model\": {}}");
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("model.vocab");

    Files.writeString(
        file, new String(whole, StandardCharsets.UTF_8).replace("WordLevel", "Mystery"));
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("can't read it");
  }

  @Test
  void everyProblemOfAConfigurationIsSaidAtOnce() throws IOException {
    Path folder = copyOf(words, "misconfigured");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"eos_token\": \"<|stop|>\", \"onset_tag_token\": {\"content\": \"bread\"}}");

    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOfSatisfying(
            BadInput.class,
            e ->
                assertThat(e.problems())
                    .hasSize(2)
                    .anyMatch(problem -> problem.contains("eos_token: \"<|stop|>\""))
                    .anyMatch(problem -> problem.contains("onset_tag_token: \"bread\"")));
  }

  @Test
  void twoTokensWithOneIdAreRefused() throws IOException {
    Path folder = copyOf(words, "doubled");
    replace(folder.resolve("tokenizer.json"), "\"bread\" : 10", "\"bread\" : 9");

    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("\"bread\"")
        .hasMessageContaining("that of \"bake\"");
  }

  @Test
  void otherPeoplesTokenizersHaveNoTag() throws IOException {
    Path folder = folders.resolve("foreign");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("tokenizer.json"), FOREIGN);
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"eos_token\": {\"content\": \"</s>\"}}");
    try (Tokenizer foreign = Tokenizer.open(folder)) {
      assertThat(foreign.endOfText()).isEqualTo(1);
      assertThat(foreign.tag()).isEqualTo(OptionalInt.empty());
      assertThat(foreign.stopTokens()).containsExactly(1);
      assertThat(foreign.vocabSize()).isEqualTo(6);
      assertThat(foreign.decode(foreign.encode("a <|end|> b"))).isEqualTo("a <unk> b");
      assertThatThrownBy(foreign::chatTemplate)
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("chat_template");
      assertThatThrownBy(() -> foreign.encodeTagged("a"))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("onset_tag_token");
    }
  }

  @Test
  void whatANormaliserWouldMakeASpecialTokenStaysText() throws IOException {
    Path folder = folders.resolve("normalising");
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("tokenizer.json"),
        FOREIGN
            .replace("\"normalizer\": null", "\"normalizer\": {\"type\": \"Lowercase\"}")
            .replace("\"normalized\": false", "\"normalized\": true"));
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"</s>\"}");
    try (Tokenizer normalising = Tokenizer.open(folder)) {
      assertThat(normalising.encode("A </S> B")).startsWith(2).endsWith(3).doesNotContain(1);
    }
  }

  private static final String FOREIGN =
      """
      {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
       "added_tokens": [{"id": 1, "content": "</s>", "single_word": false, "lstrip": false,
         "rstrip": false, "normalized": false, "special": true}],
       "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "<unk>",
         "vocab": {"<unk>": 0, "</s>": 1, "a": 2, "b": 3, "<": 4, "/s>": 5}}}
      """;

  private static Path copyOf(Tokenizer tokenizer, String name) {
    Path folder = folders.resolve(name);
    tokenizer.copyTo(folder);
    return folder;
  }

  private static void replace(Path file, String target, String replacement) throws IOException {
    String before = Files.readString(file);
    assertThat(before).contains(target);
    Files.writeString(file, before.replace(target, replacement));
  }
}
