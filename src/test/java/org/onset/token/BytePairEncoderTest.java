package org.onset.token;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.onset.Repetitions;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The native library is the reference: every id is the one that it gives. */
class BytePairEncoderTest {
  /** Ways of cutting and of writing, each a small tokenizer of its own. */
  enum Kind {
    GPT2("null", byteLevel(true), false),
    COMPOSED("{\"type\": \"NFC\"}", byteLevel(true), false),
    SINGLE_DIGITS(
        "null",
        sequence("{\"type\": \"Digits\", \"individual_digits\": true}", byteLevel(true)),
        false),
    LLAMA3("null", sequence(split("\\\\p{N}{1,3}", "Isolated", false), byteLevel(false)), true),
    DOLMA2("null", sequence(split("\\\\p{N}{1,3}", "Removed", true), byteLevel(false)), false),
    QWEN2(
        "{\"type\": \"NFC\"}",
        sequence(split("\\\\p{N}", "Isolated", false), byteLevel(false)),
        false);

    private final String normalizer;
    private final String preTokenizer;
    private final boolean ignoresMerges;

    Kind(String normalizer, String preTokenizer, boolean ignoresMerges) {
      this.normalizer = normalizer;
      this.preTokenizer = preTokenizer;
      this.ignoresMerges = ignoresMerges;
    }

    private static String byteLevel(boolean cuts) {
      return "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": %s}"
          .formatted(cuts);
    }

    private static String split(String numbers, String behavior, boolean invert) {
      String expression =
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|"
              + numbers
              + "| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";
      return "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"%s\"}, \"behavior\": \"%s\", \"invert\": %s}"
          .formatted(expression, behavior, invert);
    }

    private static String sequence(String first, String second) {
      return "{\"type\": \"Sequence\", \"pretokenizers\": [%s, %s]}".formatted(first, second);
    }
  }

  private record Both(BytePairEncoder ours, HuggingFaceTokenizer library) {
    void agreeOn(String text) {
      int[] found = ours.encode(text).orElseThrow();
      int[] known = byLibrary(library, text);
      if (!Arrays.equals(found, known)) {
        assertThat(found).as(SampleTokenizers.escaped(text)).isEqualTo(known);
      }
    }
  }

  @TempDir static Path folder;
  private static ObjectNode trained;
  private static final Map<Kind, Both> KINDS = new EnumMap<>(Kind.class);

  @BeforeAll
  static void open() throws IOException {
    List<String> texts = new ArrayList<>(SampleTokenizers.trainingTexts());
    for (int seed = 0; seed < 300; seed++) {
      String text = SampleTokenizers.manyKinds(new SplittableRandom(seed));
      texts.add(text);
      texts.add(text);
    }
    BytePairTrainer.train(texts, 700, folder);
    trained = (ObjectNode) JsonMapper.shared().readTree(folder.resolve("tokenizer.json").toFile());
    for (Kind kind : Kind.values()) {
      KINDS.put(kind, of(kind));
    }
  }

  @AfterAll
  static void close() {
    KINDS.values().forEach(both -> both.library.close());
  }

  private static Both of(Kind kind) throws IOException {
    ObjectNode tokenizer = trained.deepCopy();
    tokenizer.set("normalizer", JsonMapper.shared().readTree(kind.normalizer));
    tokenizer.set("pre_tokenizer", JsonMapper.shared().readTree(kind.preTokenizer));
    ObjectNode model = (ObjectNode) tokenizer.path("model");
    model.put("ignore_merges", kind.ignoresMerges);
    if (kind.ignoresMerges) {
      // A token that no merge makes.
      model.withObject("vocab").put("Ġmarzipan", 700);
    }
    return new Both(
        BytePairEncoder.of(tokenizer).orElseThrow(),
        library(tokenizer.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static HuggingFaceTokenizer library(byte[] json) throws IOException {
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
    return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
  }

  private static int[] byLibrary(HuggingFaceTokenizer library, String text) {
    return LongStream.of(library.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  private static Both both(Kind kind) {
    return Objects.requireNonNull(KINDS.get(kind));
  }

  @ParameterizedTest
  @Repetitions(1_000)
  void idsAreTheLibrarys(SplittableRandom random) {
    String text = SampleTokenizers.manyKinds(random);

    for (Kind kind : Kind.values()) {
      if (both(kind).ours.encode(text).isPresent()) {
        both(kind).agreeOn(text);
      } else {
        assertThat(kind.normalizer).contains("NFC");
      }
    }
  }

  /**
   * Java's Unicode and the library's may part with any release of either: then this fails, and
   * {@link CharacterKind} or {@link ComposedText} must tell the difference.
   */
  @ParameterizedTest
  @EnumSource(names = {"GPT2", "SINGLE_DIGITS", "LLAMA3"})
  void everyCharacterIsOfTheSameKindForTheLibrary(Kind kind) {
    StringBuilder text = new StringBuilder();
    for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
      if (isOfInterest(character)) {
        String own = Character.toString(character);
        text.append('a').append(own).append("a1").append(own).append('!').append(own);
        text.append(own).append(" '").append(own).append('\n');
      }
      if (text.length() > 50_000 || character == Character.MAX_CODE_POINT) {
        both(kind).agreeOn(text.toString());
        text.setLength(0);
      }
    }
  }

  /** As above, for marks and compounds: alone, among other marks, and taken apart. */
  @Test
  void everyCharacterComposesAsForTheLibraryOrIsLeftToIt() {
    int composed = 0;
    for (int character = 0x80; character <= Character.MAX_CODE_POINT; character++) {
      String own = Character.toString(character);
      String apart = Normalizer.normalize(own, Normalizer.Form.NFD);
      if (!apart.equals(own) || own.matches("\\p{M}")) {
        String text = "x%s x\u0345%s x%s\u0334 %s".formatted(own, own, own, apart);
        if (both(Kind.COMPOSED).ours.encode(text).isPresent()) {
          both(Kind.COMPOSED).agreeOn(text);
          composed++;
        }
      }
    }
    assertThat(composed).isGreaterThan(14_000);
  }

  /** Of the planes that are empty or private, a part. */
  private static boolean isOfInterest(int character) {
    boolean isSurrogate =
        character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    return !isSurrogate && (character < 0x20000 || (character & 0xFFFF) < 0x200);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void wordsOfAnyLengthAreMergedAlike(Kind kind) {
    SplittableRandom random = new SplittableRandom(7);
    for (int length : new int[] {1, 2, 3, 46, 47, 48, 49, 50, 63, 64, 65, 66, 1_000, 70_000}) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        text.append("thebakrsov".charAt(random.nextInt(10)));
      }

      both(kind).agreeOn(text.toString());
      both(kind).agreeOn(" ".repeat(length) + "x" + "e".repeat(length) + "-".repeat(length));
    }
  }

  @Test
  void wordsAreRightWhenThoseSeenBeforeWereForgotten() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 150_000; i++) {
      text.append(' ').append(Integer.toString(i, 36).replaceAll("[0-9]", "q")).append("baker");
    }

    both(Kind.GPT2).agreeOn(text.toString());
    both(Kind.GPT2).agreeOn(text.toString());
  }

  @Test
  void aWordThatIsATokenNeedsNoMergesWhereTheyAreIgnored() {
    assertThat(both(Kind.LLAMA3).ours.encode(" marzipan").orElseThrow()).containsExactly(700);
    both(Kind.LLAMA3).agreeOn("marzipan marzipan marzipans");
  }

  @Test
  void textWithTheLiteralOfAnAddedTokenIsLeftToTheLibrary() {
    for (String literal : SpecialTokens.all()) {
      assertThat(both(Kind.GPT2).ours.encode("bread" + literal)).isEmpty();
    }
    assertThat(both(Kind.GPT2).ours.encode("<|en|> <potentially> <|")).isPresent();
  }

  @Test
  void aLiteralThatComposingMakesIsLeftToTheLibrary() {
    BytePairEncoder ours = BytePairEncoder.of(withAdded("NFC", true, "caf\u00E9")).orElseThrow();

    assertThat(ours.encode("cafe\u0301")).isEmpty();
    assertThat(ours.encode("cafe")).isPresent();
    assertThat(BytePairEncoder.of(withAdded("NFC", true, "cafe\u0301"))).isEmpty();
  }

  @ParameterizedTest
  @Repetitions(300)
  void addedTokensThatAnyTextMayHoldGoBeforeAllWords(SplittableRandom random) throws IOException {
    String[] known =
        trained
            .path("model")
            .path("vocab")
            .propertyStream()
            .map(Map.Entry::getKey)
            .filter(token -> token.matches("[baker]{2,3}|Ġ"))
            .toArray(String[]::new);
    ObjectNode tokenizer = withAdded("NFC", false, known);
    Both both =
        new Both(
            BytePairEncoder.of(tokenizer).orElseThrow(),
            library(tokenizer.toString().getBytes(StandardCharsets.UTF_8)));
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i >= 0; i--) {
      text.append(
          new String[] {"b", "a", "k", "e", "r", "d", " ", "1", "Ġ", "  \n"}[random.nextInt(10)]);
    }

    assertThat(known).contains("ak", "bak");
    both.agreeOn(text.toString());
    both.library.close();
  }

  /** With added tokens, special or not; those that aren't are of the vocabulary. */
  private static ObjectNode withAdded(String normalizer, boolean special, String... literals) {
    ObjectNode tokenizer = trained.deepCopy();
    tokenizer.putObject("normalizer").put("type", normalizer);
    for (String literal : literals) {
      tokenizer
          .withArray("added_tokens")
          .addObject()
          .put("id", tokenizer.path("model").path("vocab").path(literal).asInt(700))
          .put("content", literal)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", true)
          .put("special", special);
    }
    return tokenizer;
  }

  @Test
  void marksThatAreNewToTheLibraryAreLeftToIt() {
    assertThat(both(Kind.COMPOSED).ours.encode("a\u08CA")).isEmpty();
    assertThat(both(Kind.COMPOSED).ours.encode("a\u0301")).isPresent();
    assertThat(both(Kind.GPT2).ours.encode("a\u08CA")).isPresent();
  }

  @Test
  void otherKindsOfTokenizersAreLeftToTheLibrary() {
    for (String change :
        List.of(
            "{\"model\": {\"type\": \"WordPiece\"}}",
            "{\"model\": {\"dropout\": 0.1}}",
            "{\"model\": {\"continuing_subword_prefix\": \"##\"}}",
            "{\"model\": {\"end_of_word_suffix\": \"</w>\"}}",
            "{\"model\": {\"vocab\": {\"Ā\": 5}}}",
            "{\"normalizer\": {\"type\": \"Lowercase\"}}",
            "{\"pre_tokenizer\": {\"type\": \"Whitespace\"}}")) {
      ObjectNode tokenizer = trained.deepCopy();
      ObjectNode changes = (ObjectNode) JsonMapper.shared().readTree(change);
      changes
          .properties()
          .forEach(
              part -> {
                if (part.getKey().equals("model")) {
                  ((ObjectNode) tokenizer.path("model")).setAll((ObjectNode) part.getValue());
                } else {
                  tokenizer.set(part.getKey(), part.getValue());
                }
              });

      assertThat(BytePairEncoder.of(tokenizer)).as(change).isEmpty();
    }
  }

  @Test
  void mergesMayBeWrittenAsPairs() {
    ObjectNode tokenizer = trained.deepCopy();
    ObjectNode model = (ObjectNode) tokenizer.path("model");
    var pairs = JsonMapper.shared().createArrayNode();
    for (var merge : model.path("merges")) {
      String[] pair = merge.asString().split(" ", -1);
      pairs.addArray().add(pair[0]).add(pair[1]);
    }
    model.set("merges", pairs);
    String text = "The baker's bread is in the oven.";

    assertThat(BytePairEncoder.of(tokenizer).orElseThrow().encode(text))
        .contains(both(Kind.GPT2).ours.encode(text).orElseThrow());
  }

  @Test
  void threadsShareAnEncoder() throws Exception {
    List<String> texts = new ArrayList<>();
    List<int[]> known = new ArrayList<>();
    for (int seed = 0; seed < 200; seed++) {
      texts.add(SampleTokenizers.manyKinds(new SplittableRandom(seed)));
      known.add(byLibrary(both(Kind.GPT2).library, texts.getLast()));
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<List<int[]>>> all = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        all.add(
            executor.submit(
                () ->
                    texts.stream()
                        .map(text -> both(Kind.GPT2).ours.encode(text).orElseThrow())
                        .toList()));
      }
      for (Future<List<int[]>> found : all) {
        for (int i = 0; i < known.size(); i++) {
          assertThat(found.get().get(i)).isEqualTo(known.get(i));
        }
      }
    }
  }
}
