package org.onset.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.onset.Fingerprint;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The engine, against what {@code transformers} renders ({@code jinja/golden.py} wrote it). */
class JinjaTest {
  private static final LocalDateTime NOW = LocalDateTime.of(2031, 9, 7, 8, 5, 3);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path BUNDLE = Path.of("jinja");

  record Golden(String template, String conversation, JsonNode expected) {}

  static List<Golden> goldens() throws IOException {
    List<Golden> goldens = new ArrayList<>();
    for (var template : JSON.readTree(resource("chat/expected.json")).properties()) {
      for (var conversation : template.getValue().properties()) {
        goldens.add(new Golden(template.getKey(), conversation.getKey(), conversation.getValue()));
      }
    }
    return goldens;
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void aTemplateRendersAsTransformersRendersIt(Golden golden) throws IOException {
    JsonNode conversation =
        JSON.readTree(resource("chat/conversations.json")).get(golden.conversation);
    Map<String, Object> variables =
        new LinkedHashMap<>(JSON.convertValue(conversation, new TypeReference<>() {}));
    variables.put("bos_token", "<s>");
    variables.put("eos_token", "</s>");
    Jinja template = Jinja.parse(resource("chat/" + golden.template));

    if (golden.expected.has("raised")) {
      assertThatThrownBy(() -> template.render(variables, NOW))
          .isInstanceOfSatisfying(Jinja.Failure.class, e -> assertThat(e.raised).isTrue())
          .hasMessage(golden.expected.get("raised").asString());
    } else {
      assertThat(template.render(variables, NOW)).isEqualTo(golden.expected.get("text").asString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "%d %b %Y, 07 Sep 2031",
    "%A %a %B %-d %-m %m, Sunday Sun September 7 9 09",
    "%H:%M:%S %I %p, 08:05:03 08 AM",
    "%y %j 100%% %Q \\$1, 31 250 100% %Q \\$1",
  })
  void timesAreWrittenAsPythonWritesThem(String format, String written) {
    assertThat(Jinja.strftime(format, NOW)).isEqualTo(written);
  }

  @Test
  void aTemplateThatIsNoneSaysWhereItFails() {
    assertThatThrownBy(() -> Jinja.parse("{% if %}"))
        .isInstanceOfSatisfying(Jinja.Failure.class, e -> assertThat(e.raised).isFalse());
    assertThatThrownBy(() -> Jinja.parse("{{ nothing.of | magic }}").render(Map.of(), NOW))
        .isInstanceOfSatisfying(Jinja.Failure.class, e -> assertThat(e.raised).isFalse())
        .hasMessageContaining("magic");
  }

  @Test
  void aTemplateReachesNothingOfTheMachine() {
    for (String name : List.of("java", "Packages", "org", "importClass", "load", "process")) {
      assertThat(Jinja.parse("{{ " + name + " is defined }}").render(Map.of(), NOW))
          .as(name)
          .isEqualTo("false");
    }
  }

  @Test
  void theScriptWasBuiltFromTheSourcesBesideIt() throws IOException {
    String sources =
        Files.readString(BUNDLE.resolve("package-lock.json"))
            + Files.readString(BUNDLE.resolve("src/render.js"));

    assertThat(resource("jinja.js").lines().findFirst().orElseThrow())
        .as("jinja.js is older than jinja/: run npm ci && npm run build there")
        .contains(Fingerprint.of(sources), "@huggingface/jinja 0.5.11");
    assertThat(resource("jinja-licence.txt")).contains("@huggingface/jinja 0.5.11 (MIT)");
    assertThat(sources).doesNotContain("\"resolved\"");
  }

  private static String resource(String name) throws IOException {
    try (var in = JinjaTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
