package org.onset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onset.cli.CommandRun.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.token.Tokenizer;

class BenchDataCommandTest {
  @TempDir private Path folder;
  private String input;

  @BeforeEach
  void writeInput() throws IOException {
    Path file = folder.resolve("in.txt");
    String line =
        IntStream.range(0, 200)
            .mapToObj(i -> Integer.toString(7 * i, 36))
            .collect(Collectors.joining(" "));
    Files.writeString(file, line + "\n" + line + "\n");
    input = file.toString();
  }

  @Test
  void whatIsMissingOrNotThereIsSaidInstead() {
    String absent = folder.resolve("absent").toString();

    CommandRun withoutInput = run("bench", "data");
    CommandRun noInput = run("bench", "data", "--input", absent);
    CommandRun noTokenizer = run("bench", "data", "--input", input, "--tokenizer", absent);
    CommandRun tooLittle = run("bench", "data", "--input", input);

    assertThat(withoutInput.status()).isEqualTo(Main.BAD_INPUT);
    assertThat(withoutInput.err()).contains("--input");
    assertThat(noInput.status()).isEqualTo(Main.BAD_INPUT);
    assertThat(noInput.errors()).last().asString().contains("there is no such file or folder");
    assertThat(noTokenizer.status()).isEqualTo(Main.BAD_INPUT);
    assertThat(noTokenizer.err()).contains("--tokenizer: " + absent + ": no such folder");
    assertThat(tooLittle.status()).isEqualTo(Main.BAD_INPUT);
    assertThat(tooLittle.err()).contains("too little text to train a tokenizer");
  }

  @Test
  void aGeneratedCorpusOverwritesNothingAndHasASize() {
    CommandRun exists =
        run("bench", "corpus", "--input", input, "--gigabytes", "1", "--out", folder.toString());
    CommandRun nothing =
        run("bench", "corpus", "--input", input, "--gigabytes", "0", "--out", folder + "/new");

    assertThat(exists.status()).isEqualTo(Main.BAD_INPUT);
    assertThat(exists.err()).contains("is there already");
    assertThat(nothing.status()).isEqualTo(Main.BAD_INPUT);
    assertThat(nothing.err()).contains("--gigabytes: must be above 0");
  }

  @Test
  void aTokenizerIsTrainedAndItsTimesAreSaid() {
    Path out = folder.resolve("tokenizer");

    CommandRun run =
        run(
            "tokenizer",
            "train",
            "--input",
            input,
            "--vocab-size",
            "262",
            "--out",
            out.toString(),
            "--json");

    assertThat(run.status()).isZero();
    assertThat(run.json().propertyNames())
        .containsExactly(
            "documents",
            "damaged",
            "input_bytes",
            "words",
            "vocab_size",
            "counting_seconds",
            "merging_seconds");
    assertThat(run.json().get("documents").intValue()).isEqualTo(2);
    try (Tokenizer tokenizer = Tokenizer.open(out)) {
      assertThat(tokenizer.vocabSize()).isEqualTo(262);
    }
  }

  @Test
  void allThatIsWrongWithATrainingIsSaidAtOnce() {
    CommandRun run =
        run(
            "tokenizer",
            "train",
            "--input",
            input,
            "--vocab-size",
            "9",
            "--out",
            folder.toString());

    assertThat(run.status()).isEqualTo(Main.BAD_INPUT);
    assertThat(run.errors()).hasSize(2);
    assertThat(run.err()).contains("--vocab-size: must lie within 262 and").contains("--out:");
  }
}
