package org.onset.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.onset.cli.CommandRun.run;
import static org.onset.cli.CommandRun.runOn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.onset.Seeds;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;
import org.onset.token.WordTokenizer;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatCommandTest {
  private Path folder;
  private String model;

  @BeforeAll
  void saveModel(@TempDir Path temporary) {
    folder = temporary;
    Path saved = temporary.resolve("model");
    WordTokenizer.write(List.of("river", "stone", "bread"), saved);
    try (Tokenizer tokenizer = Tokenizer.open(saved);
        Transformer transformer =
            Transformer.initialise(
                new ModelSpec(tokenizer.vocabSize(), 8, 1, 2, 1, 4, 16, 12, 10_000, 1e-5, true),
                new Seeds(4))) {
      transformer.save(saved, tokenizer.stopTokens());
    }
    model = saved.toString();
  }

  @Test
  void aModelWithoutAChatTemplateSaysSo() throws IOException {
    Path plain = Files.createDirectories(folder.resolve("plain"));
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      Files.copy(Path.of(model, file), plain.resolve(file));
    }

    for (CommandRun run :
        List.of(
            run("generate", plain.toString(), "--prompt", "stone", "--chat"),
            runOn("stone\n", "chat", plain.toString()))) {
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err())
          .startsWith(plain.resolve("tokenizer_config.json") + ": the model has no chat template");
    }
    assertThat(run("generate", plain.toString(), "--prompt", "stone").status()).isZero();
  }

  @Test
  void aChatAnswersEachLineAndRemembersWhatWasSaidUntilReset() {
    CommandRun run =
        runOn(
            "stone\n\n  \nriver\n/reset\nstone\n/exit\nbread\n",
            "chat",
            model,
            "--max-tokens",
            "2");

    List<Integer> first = answer("1 7 3 2");
    List<Integer> second = answer("1 7 3 2 " + said(first) + " 3 1 6 3 2");
    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).containsExactly(text(first), text(second), text(first));
  }

  @Test
  void beamSearchesChatToo() {
    CommandRun run =
        runOn("stone\n", "chat", model, "--decoder", "beam", "--beams", "2", "--max-tokens", "2");

    CommandRun expected =
        run(
            "generate",
            model,
            "--prompt",
            "stone",
            "--chat",
            "--decoder",
            "beam",
            "--beams",
            "2",
            "--max-tokens",
            "2");
    assertThat(run.out()).isEqualTo(expected.out());
  }

  @Test
  void aChatThatNoLongerFitsEndsWithTwoWhereNobodyTypes() {
    CommandRun run =
        runOn("river stone bread river stone bread river stone bread\n", "chat", model);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("no room in the model's context of 12");
  }

  private List<Integer> answer(String prompt) {
    return ints(
        run("generate", model, "--tokens", prompt, "--max-tokens", "2", "--json")
            .json()
            .get("tokens"));
  }

  private String text(List<Integer> tokens) {
    try (Tokenizer tokenizer = Tokenizer.open(Path.of(model))) {
      return tokenizer.decode(tokens.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  /** The ids of an answer as the chat repeats it: special tokens were never said. */
  private static String said(List<Integer> tokens) {
    return tokens.stream().filter(id -> id > 4).map(String::valueOf).collect(joining(" "));
  }

  private static List<Integer> ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asInt).toList();
  }
}
