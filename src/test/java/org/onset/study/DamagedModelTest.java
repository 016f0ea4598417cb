package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.study.StageGraph.Checkpoint;
import org.onset.study.StageGraph.Evaluation;
import org.onset.study.spec.Draft;

class DamagedModelTest {
  private static final Draft STUDY =
      Draft.small().with("tokenBudget: 12_800", "tokenBudget: 2_560").with("steps: 20", "steps: 2");

  @TempDir private Path root;
  private ArtifactStore store;
  private StageGraph graph;

  @BeforeEach
  void describeAStudy() {
    store = new ArtifactStore(root);
    graph = new StageGraph(STUDY.spec(), store, "local[2]");
  }

  @Test
  void aStateThatIsDamagedIsNamedByTheTrainingThatBeginsWithIt() throws Exception {
    List<Node> path = checkpoint("late", "base").path();
    build(path.getFirst());
    Path file = spoil(path.getFirst(), "onset/optimizer.safetensors");

    assertThatThrownBy(() -> build(path.getLast()))
        .isInstanceOfSatisfying(
            BadInput.class, damaged -> assertThat(damaged.problems()).satisfies(this::namesIt));

    assertThat(file).exists(); // nothing is deleted by itself
  }

  @Test
  void aModelThatIsDamagedIsNamedByEveryStageThatReadsIt() throws Exception {
    Evaluation instructed = evaluation("raw", "instruct");
    build(instructed.checkpoint().node());
    spoil(instructed.checkpoint().node(), "model.safetensors");
    Node finetuned = checkpoint("raw", "benign").node();

    for (Node reader :
        List.of(instructed.measures(), instructed.judged().values().iterator().next(), finetuned)) {
      assertThatThrownBy(() -> build(reader))
          .as(reader.label())
          .isInstanceOfSatisfying(
              BadInput.class, damaged -> assertThat(damaged.problems()).satisfies(this::namesIt));
    }
  }

  private void namesIt(List<? extends String> problems) {
    assertThat(problems).hasSize(2);
    assertThat(problems.getFirst()).startsWith(root.toString()).contains(": damaged: its SHA-256");
    assertThat(problems.getLast())
        .matches("delete the folder " + root + "/[a-z]+-[0-9a-f]{32} and run again, which .*");
    assertThat(problems.getFirst()).startsWith(problems.getLast().split(" ", -1)[3]);
  }

  private Path spoil(Node node, String name) throws IOException {
    Path file = TrainingStages.modelFolder(store.folder(node.artifact())).resolve(name);
    byte[] content = Files.readAllBytes(file);
    content[content.length - 3] ^= 1;
    Files.write(file, content);
    return file;
  }

  private void build(Node node) throws IOException, InterruptedException {
    PrintStream silent = new PrintStream(OutputStream.nullOutputStream());
    try (Progress progress = new Progress(silent, false)) {
      new Runner(store, progress, 1, 1).build(List.of(node));
    }
  }

  private Checkpoint checkpoint(String arm, String stage) {
    return evaluation(arm, stage).checkpoint();
  }

  private Evaluation evaluation(String arm, String stage) {
    return graph.evaluations().stream()
        .filter(each -> each.checkpoint().arm().equals(arm))
        .filter(each -> each.checkpoint().stage().equals(stage))
        .findFirst()
        .orElseThrow();
  }
}
