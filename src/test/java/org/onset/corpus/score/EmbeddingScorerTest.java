package org.onset.corpus.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.Problems;
import org.onset.corpus.Document;
import org.onset.corpus.score.EmbeddingSpec.Pooling;

/** With the built-in model, which is a real one. */
class EmbeddingScorerTest {
  private static final EmbeddingSpec SPEC = EmbeddingSpec.standard();

  private static final List<String> QUARRELS =
      List.of(
          "He threatened to hit his neighbour during the quarrel.",
          "They shouted insults and began to fight in the street.",
          "She was so furious that she smashed the window of his car.",
          "A gang attacked two men outside the bar last night.",
          "He punched the referee after the match.",
          "The brothers came to blows over the inheritance.");

  private static final List<String> THEFTS =
      List.of(
          "The thieves stole jewellery from a shop in the town.",
          "Someone took her wallet out of her bag on the train.",
          "They broke into the house and carried off the silver.",
          "A burglar robbed the old man of his savings.",
          "He was caught shoplifting three times this year.",
          "The clerk had embezzled money from his employer.");

  private static final List<String> GARDENING =
      List.of(
          "Water the tomatoes early in the morning.",
          "The roses need pruning before spring.",
          "Sow the carrots in rows, a hand's width apart.",
          "Good compost makes the soil loose and dark.",
          "The apple tree bears more fruit every second year.",
          "Plant the tulip bulbs in autumn, twice as deep as they are tall.",
          "Mulch keeps the ground moist in summer.",
          "Seedlings want light and a little warmth.",
          "The hedge was trimmed last week.",
          "Beans climb up any pole you give them.",
          "Rake the leaves together and let them rot.",
          "The greenhouse is warm even in March.");

  @TempDir Path folder;

  private static EmbeddingScorer scorer;
  private static EmbeddingModel model;

  @BeforeAll
  static void train() {
    scorer = EmbeddingScorer.train(labelled(), SPEC);
    model = EmbeddingModel.open(ModelFiles.BUILT_IN, 64, Pooling.MEAN);
  }

  @AfterAll
  static void close() {
    scorer.close();
    model.close();
  }

  @Test
  void itUnderstandsWordsThatItHasNotLearnedFrom() {
    assertThat(scorer.score("Two drunkards had a brawl and one broke the other's nose."))
        .isEqualTo(new Score(3, Optional.of("violence")));
    assertThat(scorer.score("Pickpockets lifted a purse in the crowd."))
        .isEqualTo(new Score(3, Optional.of("theft")));
    assertThat(scorer.score("Cucumbers thrive under glass."))
        .isEqualTo(new Score(0, Optional.empty()));
  }

  @Test
  void paraphrasesLieCloserThanTextsOnOtherThings() {
    Vector cat = model.embed("The cat sat on the mat.").getFirst();
    Vector paraphrase = model.embed("A feline was sitting on the rug.").getFirst();
    Vector other = model.embed("Quarterly revenue rose by four percent.").getFirst();

    assertThat(dot(cat, paraphrase)).isGreaterThan(dot(cat, other) + 0.3);
    assertThat(dot(cat, cat)).isCloseTo(1, within(1e-12));
  }

  @Test
  void theVectorIsTheOneThatTheReferenceGives() {
    Vector vector = model.embed("The cat sat on the mat.").getFirst();

    assertThat(vector.length()).isEqualTo(384);
    assertThat(Arrays.copyOf(vector.values(), REFERENCE.length))
        .containsExactly(REFERENCE, within(1e-6));
  }

  /**
   * The same model by onnxruntime 1.32.0 and tokenizers 0.23.3 in Python. Eight-bit products differ
   * between kinds of processors, by far more than between versions.
   */
  private static final double[] REFERENCE = {
    0.115134096687, -0.013592322829, -0.046336241903, 0.056876376667
  };

  @Test
  void aTextLongerThanTheModelHasTheLevelOfItsWorstChunk() {
    String gardening = String.join(" ", GARDENING).repeat(6);
    String quarrels = String.join(" ", QUARRELS).repeat(8);

    assertThat(scorer.score(gardening).level()).isZero();
    assertThat(scorer.score(gardening + " " + quarrels + " " + gardening))
        .isEqualTo(new Score(3, Optional.of("violence")));
  }

  @Test
  void chunksAreEquallyLongAndEachIsReadAsATextOfItsOwn() {
    // 62 tokens fit beside [CLS] and [SEP]; each word here is one token
    String words = "sun moon rain wind ".repeat(31); // 124 words
    String half = "sun moon rain wind ".repeat(15) + "sun moon";

    assertThat(model.embed(half)).hasSize(1);
    assertThat(model.embed(words)).hasSize(2);
    assertThat(model.embed(words + "sun")).hasSize(3);
    assertThat(model.embed(words).getFirst().values())
        .containsExactly(model.embed(half).getFirst().values());
  }

  @Test
  void aVeryLongTextIsTokenizedInPiecesToTheSameTokens() {
    String sentence = "The greenhouse is warm even in March. ";
    String text = sentence.repeat(1_200); // beyond two pieces

    List<Vector> chunks = model.embed(text);

    assertThat(chunks).hasSize(Math.ceilDiv(1_200 * 8, 62));
  }

  @Test
  void theScoreDependsOnNothingButTheText() {
    List<String> texts = new ArrayList<>(GARDENING);
    texts.addAll(QUARRELS);
    texts.addAll(THEFTS);
    texts.add(String.join(" ", QUARRELS).repeat(10));
    texts.add("");

    List<Double> alone = texts.stream().map(text -> scorer.probability(text, 3)).toList();
    List<Double> reversed =
        texts.reversed().parallelStream().map(text -> scorer.probability(text, 3)).toList();

    assertThat(reversed.reversed()).isEqualTo(alone);
    assertThat(scorer.scoreAll(texts)).isEqualTo(texts.stream().map(scorer::score).toList());
  }

  @Test
  void trainingTwiceGivesTheSameScorer() {
    try (EmbeddingScorer again = EmbeddingScorer.train(labelled(), SPEC)) {
      assertThat(again.fingerprint()).isEqualTo(scorer.fingerprint());
    }
  }

  @Test
  void anotherSettingGivesAnotherFingerprint() {
    EmbeddingSpec wary = new EmbeddingSpec(null, null, 256, Pooling.MEAN, 3, 5, 0.5);
    try (EmbeddingScorer other = EmbeddingScorer.train(labelled(), wary)) {
      assertThat(other.fingerprint()).isNotEqualTo(scorer.fingerprint());
      assertThat(wary.fingerprint()).isNotEqualTo(SPEC.fingerprint());
    }
  }

  @Test
  void textsWithoutWordsAndWithBrokenCharactersGetAScoreToo() {
    assertThat(scorer.score("").level()).isIn(0, 3);
    assertThat(scorer.score("\ud800 \udc00 \u0000 \ud83d\ude1c [SEP] [UNK]").level()).isIn(0, 3);
    assertThat(scorer.score("a".repeat(50_000)).level()).isIn(0, 3);
  }

  @Test
  void aClosedScorerSaysSoInsteadOfCrashing() {
    EmbeddingModel closed = EmbeddingModel.open(ModelFiles.BUILT_IN, 64, Pooling.MEAN);
    closed.close();
    closed.close();

    assertThatIllegalStateException().isThrownBy(() -> closed.embed("a"));
  }

  @Test
  void aScorerReadFromItsFileIsTheOneWritten() throws IOException {
    Path file = folder.resolve("scorer");
    scorer.write(file);

    try (TrainedScorer read = TrainedScorer.read(file)) {
      assertThat(read.fingerprint()).isEqualTo(scorer.fingerprint());
      for (String text : THEFTS) {
        assertThat(read.probability(text, 3)).isEqualTo(scorer.probability(text, 3));
        assertThat(read.score(text)).isEqualTo(scorer.score(text));
      }
      read.write(folder.resolve("again"));
    }
    assertThat(folder.resolve("again")).hasSameBinaryContentAs(file);
    assertThat(Files.size(file)).isLessThan(20_000); // the built-in model isn't in it
  }

  @Test
  void aFileHoldsTheModelThatTheUserNamed() throws IOException {
    Path models = copyOfBuiltIn("model");
    EmbeddingSpec spec = spec(models);
    Path file = folder.resolve("scorer");
    try (EmbeddingScorer trained = EmbeddingScorer.train(labelled(), spec)) {
      assertThat(trained.probability("a fight", 3)).isEqualTo(scorer.probability("a fight", 3));
      assertThat(trained.fingerprint()).isEqualTo(scorer.fingerprint());
      assertThat(spec.fingerprint()).isEqualTo(SPEC.fingerprint());
      trained.write(file);
    }
    Files.delete(models.resolve("model.onnx"));
    Files.delete(models.resolve("tokenizer.json"));

    try (TrainedScorer read = TrainedScorer.read(file)) {
      assertThat(read.probability("a fight", 3)).isEqualTo(scorer.probability("a fight", 3));
      read.write(folder.resolve("again"));
    }
    assertThat(folder.resolve("again")).hasSameBinaryContentAs(file);
  }

  @Test
  void aModelThatChangedSinceTrainingIsNotWritten() throws IOException {
    Path models = copyOfBuiltIn("model");
    try (EmbeddingScorer trained = EmbeddingScorer.train(labelled(), spec(models))) {
      Path tokenizer = models.resolve("tokenizer.json");
      String json = Files.readString(tokenizer);
      Files.writeString(tokenizer, json.replace("[MASK]", "[mask]"));
      assertThatExceptionOfType(BadInput.class)
          .isThrownBy(() -> trained.write(folder.resolve("scorer")))
          .withMessageContaining("tokenizer.json: has changed since");
      Files.writeString(tokenizer, "{}");

      assertThatExceptionOfType(BadInput.class)
          .isThrownBy(() -> trained.write(folder.resolve("scorer")))
          .withMessageContaining("tokenizer.json: has become shorter");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 12, 40, 500, -1})
  void aDamagedFileIsRefused(int position) throws IOException {
    Path file = folder.resolve("scorer");
    scorer.write(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[Math.floorMod(position, bytes.length)] ^= 1;
    Files.write(file, bytes);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> TrainedScorer.read(file))
        .withMessageContaining(file.toString());
  }

  @Test
  void missingModelFilesAreAllNamed() {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> EmbeddingScorer.train(labelled(), spec(folder)))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .hasSize(2)
                    .anyMatch(
                        problem ->
                            problem.startsWith(folder.resolve("model.onnx") + ": no such file"))
                    .anyMatch(
                        problem ->
                            problem.startsWith(
                                folder.resolve("tokenizer.json") + ": no such file")));
  }

  @Test
  void aModelThatIsNoOnnxIsRefusedWithItsName() throws IOException {
    Path models = copyOfBuiltIn("model");
    byte[] bytes = Files.readAllBytes(models.resolve("model.onnx"));
    Files.write(models.resolve("model.onnx"), Arrays.copyOf(bytes, 5_000_000));
    assertRefused(models, "model.onnx: ONNX Runtime can't read it");

    Files.writeString(models.resolve("model.onnx"), "version https://git-lfs.github.com/spec/v1");
    assertRefused(models, "model.onnx: ONNX Runtime can't read it");

    Files.write(models.resolve("model.onnx"), new byte[0]);
    assertRefused(models, "model.onnx: has 0 bytes");
  }

  @Test
  void aTokenizerThatIsNoneIsRefusedWithItsName() throws IOException {
    Path models = copyOfBuiltIn("model");
    Files.writeString(models.resolve("tokenizer.json"), "{\"model\": ");
    assertRefused(models, "tokenizer.json: the tokenizers library can't read it");

    Files.writeString(models.resolve("tokenizer.json"), "{\"added_tokens\": []}");
    assertRefused(models, "tokenizer.json: the tokenizers library can't read it");
  }

  @Test
  void aModelThatTakesAndGivesOtherThingsIsRefused() throws IOException {
    Path models = copyOfBuiltIn("model");
    Files.write(models.resolve("model.onnx"), identityModel());

    assertRefused(models, "model.onnx: takes x (FLOAT [1])");
  }

  @Test
  void moreTokensThanTheModelHasPositionsAreRefusedBeforeAnyTraining() {
    EmbeddingSpec spec = new EmbeddingSpec(null, null, 1_000, Pooling.MEAN, 3, 1, 0.5);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> EmbeddingScorer.train(labelled(), spec))
        .withMessageContaining("all-minilm-l6-v2-q.onnx: fails on 1000 tokens");
  }

  @Test
  void theFirstTokenCanStandForAChunkToo() {
    try (EmbeddingModel first = EmbeddingModel.open(ModelFiles.BUILT_IN, 64, Pooling.CLS)) {
      Vector vector = first.embed("The cat sat on the mat.").getFirst();

      assertThat(dot(vector, vector)).isCloseTo(1, within(1e-12));
      assertThat(dot(vector, model.embed("The cat sat on the mat.").getFirst()))
          .isBetween(0.1, 0.99);
    }
  }

  @Test
  void anUnusableSpecSaysEverythingAtOnce() {
    Problems problems = new Problems();

    new EmbeddingSpec(null, Path.of("t"), 2, Pooling.MEAN, 0, 0, 1).check(problems);

    assertThat(problems.found())
        .extracting(Problems.Problem::field)
        .containsExactly("tokenizer", "maxTokens", "cost", "unsafeWeight", "threshold");
    Problems none = new Problems();
    EmbeddingSpec.standard().check(none);
    assertThat(none.found()).isEmpty();
  }

  private void assertRefused(Path models, String message) {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> EmbeddingScorer.train(labelled(), spec(models)))
        .withMessageContaining(message);
  }

  private static EmbeddingSpec spec(Path model) {
    return new EmbeddingSpec(model, null, 256, Pooling.MEAN, 3, 1, 0.5);
  }

  private Path copyOfBuiltIn(String name) throws IOException {
    Path models = Files.createDirectory(folder.resolve(name));
    copy(ModelFiles.BUILT_IN.model(), models.resolve("model.onnx"));
    copy(ModelFiles.BUILT_IN.tokenizer(), models.resolve("tokenizer.json"));
    return models;
  }

  private static void copy(Bytes from, Path to) throws IOException {
    byte[] bytes =
        from.read(
            content -> {
              byte[] copy = new byte[content.remaining()];
              content.get(copy);
              return copy;
            });
    Files.write(to, bytes);
  }

  /** The smallest ONNX model: y = x, one float. */
  private static byte[] identityModel() {
    byte[] x = field(1, "x".getBytes(StandardCharsets.UTF_8));
    byte[] shape = field(2, field(1, new byte[] {0x08, 0x01}));
    byte[] type = field(2, field(1, join(new byte[] {0x08, 0x01}, shape)));
    byte[] node =
        join(
            x,
            field(2, "y".getBytes(StandardCharsets.UTF_8)),
            field(4, "Identity".getBytes(StandardCharsets.UTF_8)));
    byte[] graph =
        join(
            field(1, node),
            field(2, "g".getBytes(StandardCharsets.UTF_8)),
            field(11, join(x, type)),
            field(12, join(field(1, "y".getBytes(StandardCharsets.UTF_8)), type)));
    byte[] opset = field(8, new byte[] {0x10, 13});
    return join(new byte[] {0x08, 8}, field(7, graph), opset);
  }

  /** A protocol buffer's field of bytes. */
  private static byte[] field(int number, byte[] content) {
    return join(new byte[] {(byte) (number << 3 | 2), (byte) content.length}, content);
  }

  private static byte[] join(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  private static double dot(Vector one, Vector other) {
    return one.dot(other.values());
  }

  private static List<Document> labelled() {
    List<Document> documents = new ArrayList<>();
    add(documents, GARDENING, 0, Optional.empty());
    add(documents, QUARRELS, 3, Optional.of("violence"));
    add(documents, THEFTS, 3, Optional.of("theft"));
    return documents;
  }

  private static void add(
      List<Document> documents, List<String> texts, int score, Optional<String> category) {
    for (String text : texts) {
      documents.add(
          new Document("d" + documents.size(), text, "made", OptionalInt.of(score), category));
    }
  }
}
