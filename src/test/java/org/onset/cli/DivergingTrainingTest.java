package org.onset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.study.spec.Draft;

class DivergingTrainingTest {
  @Test
  void aStudyWhoseTrainingComesToNothingEndsWithOneAndSaysWhereToLook(@TempDir Path folder)
      throws IOException {
    String impossible =
        Draft.small()
            .with("model:", "model:\n  headDim: 64\n  ropeTheta: 1.0e-322") // angles beyond any
            .before("mixtures:", "  stopAfterSkippedSteps: 4")
            .text();
    Path study = Files.writeString(folder.resolve("study.yaml"), impossible);
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    PrintStream err = System.err;
    int status;
    try {
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      status =
          Main.commandLine()
              .execute(
                  "run",
                  study.toString(),
                  "--out",
                  folder.resolve("run").toString(),
                  "--cores",
                  "1");
    } finally {
      System.setErr(err);
    }

    assertThat(status).isEqualTo(1);
    String last = complained.toString(StandardCharsets.UTF_8).lines().toList().getLast();
    assertThat(last)
        .startsWith("onset: pretrain ")
        .contains(
            "stopped after 4 steps in a row whose loss or gradient is not finite: steps 0 to 3,"
                + " at 1,024 tokens seen and a learning rate of ",
            "There is no checkpoint before them",
            "a lower peak of the learning rate");
    String log = last.replaceFirst(".* are in ", "").replaceFirst("; a lower.*", "");
    assertThat(Files.readAllLines(Path.of(log)))
        .hasSize(4)
        .allMatch(line -> line.contains("\"applied\":false"));
  }
}
