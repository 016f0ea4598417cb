package org.onset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.Seeds;
import org.onset.model.ModelFolder;
import org.onset.model.ModelSpec;
import org.onset.model.StoredDtype;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;
import org.onset.token.WordTokenizer;

class CarryCommandsTest {
  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void saveModel() {
    model = folder.resolve("model");
    WordTokenizer.write(List.of("river", "stone"), model);
    try (Tokenizer tokenizer = Tokenizer.open(model)) {
      ModelSpec spec = new ModelSpec(tokenizer.vocabSize(), 8, 1, 2, 1, 4, 8, 16, 1e4, 1e-5, true);
      try (Transformer made = Transformer.initialise(spec, new Seeds(1))) {
        made.save(model, tokenizer.stopTokens());
      }
    }
  }

  @Test
  void anExportComesBackByAnImportWithItsCount() {
    Path exported = folder.resolve("exported");
    Path imported = folder.resolve("imported");

    Run export =
        run("export", model, "--out", exported, "--dtype", "bfloat16", "--shard-size", "1KB");
    Run back = run("import", exported, "--out", imported, "--trained-tokens", 12_000_000_000L);

    assertThat(export).isEqualTo(new Run(0, exported + ": 472 parameters, bfloat16\n", ""));
    assertThat(back)
        .isEqualTo(
            new Run(
                0, imported + ": 472 parameters, bfloat16, trained on 12000000000 tokens\n", ""));
    assertThat(exported.resolve("model.safetensors")).exists();
    assertThat(ModelFolder.trainedTokens(imported)).hasValue(12_000_000_000L);
    try (ModelFolder opened = ModelFolder.open(imported)) {
      assertThat(opened.dtype()).isEqualTo(StoredDtype.BFLOAT16);
    }
  }

  @Test
  void everyWrongOptionIsSaidAtOnce() {
    Path none = folder.resolve("none");
    Path out = folder.resolve("out");

    Run run =
        run(
            "import",
            none,
            "--out",
            out,
            "--dtype",
            "int8",
            "--shard-size",
            "5 bits",
            "--trained-tokens",
            -1);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly(
            "--dtype: must be one of float32, float16, bfloat16, was 'int8'",
            "--shard-size: must be a size such as 500MB or 2GiB, was '5 bits'",
            "--trained-tokens: must be above 0, was -1",
            none + ": there is no such folder or file");
    assertThat(out).doesNotExist();
  }

  @Test
  void nothingIsWrittenOver() {
    Run run = run("export", model, "--out", model);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith(model + ": is there already, and nothing is written over");
  }

  @Test
  void whatIsNoModelIsRefusedInALine() {
    Run file = run("import", model.resolve("config.json"), "--out", folder.resolve("out"));
    Run none = run("export", folder.resolve("none"), "--out", folder.resolve("out"));

    assertThat(file.status()).isEqualTo(2);
    assertThat(file.err()).endsWith("config.json: begins otherwise than a GGUF file\n");
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).endsWith("none: there is no such folder\n");
  }

  private record Run(int status, String out, String err) {}

  private static Run run(Object... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
      int status = Main.commandLine().execute(words);
      return new Run(
          status,
          said.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
