package org.onset.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.Seeds;
import org.onset.model.ModelFolder;
import org.onset.model.ModelSpec;
import org.onset.model.StoredDtype;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;
import org.onset.token.WordTokenizer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class HubTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> FILES =
      List.of(
          "chat_template.jinja",
          "config.json",
          "generation_config.json",
          "model.safetensors",
          "tokenizer.json",
          "tokenizer_config.json");

  @TempDir private Path folder;
  private Path model;
  private float[] parameters;

  @BeforeEach
  void saveModel() {
    model = folder.resolve("model");
    WordTokenizer.write(List.of("river", "stone", "bread"), model);
    try (Tokenizer tokenizer = Tokenizer.open(model)) {
      ModelSpec spec =
          new ModelSpec(tokenizer.vocabSize(), 8, 2, 2, 1, 4, 16, 32, 10_000, 1e-5, true);
      try (Transformer made = Transformer.initialise(spec, new Seeds(4))) {
        made.save(model, tokenizer.stopTokens());
        parameters = made.parameters().toFloats();
      }
    }
  }

  private static Hub.Form as(StoredDtype dtype) {
    return new Hub.Form(Optional.of(dtype), Long.MAX_VALUE);
  }

  private static Hub.Carried carry(Path from, Path to, Hub.Form form) {
    return Hub.folder(from, to, form, OptionalLong.empty());
  }

  @Test
  void whatIsExportedAndImportedHasTheSameBits() {
    Path exported = folder.resolve("exported");
    Path imported = folder.resolve("imported");

    carry(model, exported, Hub.Form.AS_STORED);
    carry(exported, imported, Hub.Form.AS_STORED);

    assertThat(digests(exported).keySet()).containsExactlyElementsOf(FILES);
    assertThat(digests(imported)).isEqualTo(digests(exported));
    try (Transformer loaded = Transformer.load(imported)) {
      assertThat(loaded.parameters().toFloats()).isEqualTo(parameters);
    }
    assertThat(ModelFolder.stopTokens(imported)).isEqualTo(ModelFolder.stopTokens(model));
  }

  @ParameterizedTest
  @EnumSource(StoredDtype.class)
  void shardsAndHalvesComeBackWithTheSameBits(StoredDtype dtype) {
    Path whole = folder.resolve("whole");
    Path sharded = folder.resolve("sharded");
    Path joined = folder.resolve("joined");

    carry(model, whole, as(dtype));
    carry(model, sharded, new Hub.Form(Optional.of(dtype), 1_000));
    Hub.Carried last = carry(sharded, joined, Hub.Form.AS_STORED);

    assertThat(sharded.resolve("model.safetensors.index.json")).exists();
    assertThat(last.dtype()).isEqualTo(dtype);
    assertThat(digests(joined)).isEqualTo(digests(whole));
  }

  @Test
  void theTemplateStandsInBothPlacesWhereverItStoodBefore() throws IOException {
    Path config = model.resolve("tokenizer_config.json");
    ObjectNode withoutTemplate = (ObjectNode) JSON.readTree(Files.readString(config));
    String template = withoutTemplate.remove("chat_template").stringValue();
    Files.writeString(config, withoutTemplate.toString());
    Files.writeString(model.resolve("chat_template.jinja"), template);
    Path out = folder.resolve("out");

    carry(model, out, Hub.Form.AS_STORED);

    assertThat(Files.readString(out.resolve("chat_template.jinja"))).isEqualTo(template);
    assertThat(
            JSON.readTree(Files.readString(out.resolve("tokenizer_config.json")))
                .get("chat_template")
                .stringValue())
        .isEqualTo(template);
  }

  @Test
  void howToGenerateIsKeptAndEveryEndNamed() throws IOException {
    Files.writeString(
        model.resolve("generation_config.json"),
        "{\"temperature\": 0.6, \"do_sample\": true, \"eos_token_id\": 2}");
    Path out = folder.resolve("out");

    carry(model, out, Hub.Form.AS_STORED);

    ObjectNode written =
        (ObjectNode) JSON.readTree(Files.readString(out.resolve("generation_config.json")));
    assertThat(written.get("temperature").doubleValue()).isEqualTo(0.6);
    assertThat(written.get("eos_token_id").toString()).isEqualTo("[2,0,3]");
  }

  @Test
  void theCountOfTrainedTokensTravels() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Path third = folder.resolve("third");
    Path fourth = folder.resolve("fourth");
    Files.writeString(model.resolve("trainer_state.json"), "{\"num_input_tokens_seen\": 4000}");

    assertThat(carry(model, first, Hub.Form.AS_STORED).trainedTokens()).hasValue(4000);
    Hub.folder(first, second, Hub.Form.AS_STORED, OptionalLong.of(11_000_000_000_000L));
    carry(second, third, Hub.Form.AS_STORED);

    assertThat(ModelFolder.trainedTokens(third)).hasValue(11_000_000_000_000L);

    Files.writeString(model.resolve("trainer_state.json"), "{\"num_input_tokens_seen\": 0}");
    assertThat(carry(model, fourth, Hub.Form.AS_STORED).trainedTokens()).isEmpty();
    assertThat(ModelFolder.trainedTokens(fourth)).isEmpty();
  }

  @Test
  void nothingIsWrittenOverOrHalfWritten() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    assertRefused(out, "out: is there already, and nothing is written over");
    assertThat(out).isEmptyDirectory();

    Path fresh = folder.resolve("fresh");
    Files.delete(model.resolve("tokenizer.json"));
    assertRefused(fresh, "tokenizer.json");
    assertThat(folder).isDirectoryNotContaining(path -> path.toString().contains("fresh"));
  }

  @Test
  void weightsThatHalfPrecisionCannotHoldLeaveNothingBehind() {
    Path file = model.resolve("model.safetensors");
    Path out = folder.resolve("out");
    try (Transformer loaded = Transformer.load(model)) {
      float[] values = loaded.parameters().toFloats();
      values[0] = 1e6f;
      loaded.parameters().copyFrom(values);
      loaded.save(model, new int[] {0});
    }
    assertThat(file).exists();

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> carry(model, out, as(StoredDtype.FLOAT16)))
        .withMessageContaining("model.embed_tokens.weight: holds 1000000.0");
    assertThat(folder).isDirectoryNotContaining(path -> path.toString().contains("out"));
  }

  @Test
  void aTokenizerWithMoreTokensThanTheModelIsRefused() {
    WordTokenizer.write(List.of("river", "stone", "bread", "lake"), model);

    assertRefused(folder.resolve("out"), "the tokenizer has ids up to");
  }

  private void assertRefused(Path out, String problem) {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> carry(model, out, Hub.Form.AS_STORED))
        .withMessageContaining(problem);
  }

  private static Map<String, String> digests(Path folder) {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        digests.put(file.getFileName().toString(), Fingerprint.ofFile(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digests;
  }
}
