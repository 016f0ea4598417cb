package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;

@Timeout(30)
class RunnerTest {
  @TempDir private Path root;
  private ArtifactStore store;
  private final List<String> built = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void openStore() {
    store = new ArtifactStore(root);
  }

  @Test
  void inputsAreBuiltBeforeWhatIsMadeOfThem() throws Exception {
    Node corpus = node("corpus");
    Node tokens = node("tokens", corpus);
    Node one = node("one", tokens);
    Node other = node("other", tokens, corpus);
    Node both = node("both", one, other);

    runner(2).build(List.of(both));

    assertThat(built).hasSize(5).startsWith("corpus", "tokens").endsWith("both");
    assertThat(store.has(both.artifact())).isTrue();
  }

  @Test
  void whatSeveralTargetsNeedIsBuiltOnce() throws Exception {
    Node shared = node("shared");

    runner(2).build(List.of(node("one", shared), node("other", shared), node("one", shared)));

    assertThat(built).containsExactlyInAnyOrder("shared", "one", "other");
  }

  @Test
  void aFinishedArtifactHidesItsInputs() throws Exception {
    Node corpus = node("corpus");
    Node tokens = node("tokens", corpus);
    store.build(tokens.artifact(), (_, _) -> {});

    assertThat(runner(1).missing(List.of(tokens))).isEmpty();
    runner(1).build(List.of(node("model", tokens)));

    assertThat(built).containsExactly("model");
  }

  @Test
  void whatIsMissingBelowAFinishedArtifactIsBuiltWhereAnotherNeedsIt() throws Exception {
    Node corpus = node("corpus");
    Node tokens = node("tokens", corpus);
    store.build(tokens.artifact(), (_, _) -> {});

    runner(1).build(List.of(node("answers", tokens, corpus)));

    assertThat(built).containsExactly("corpus", "answers");
  }

  @Test
  void independentNodesRunSideBySide() throws Exception {
    CyclicBarrier bothAreAtWork = new CyclicBarrier(2);
    Node.Action meeting = (_, _, _) -> meet(bothAreAtWork);

    runner(2).build(List.of(node("one", meeting), node("other", meeting)));

    assertThat(built).containsExactlyInAnyOrder("one", "other");
  }

  private static void meet(CyclicBarrier barrier) throws IOException, InterruptedException {
    try {
      barrier.await();
    } catch (java.util.concurrent.BrokenBarrierException e) {
      throw new IOException(e);
    }
  }

  @Test
  void theLongestChainStartsFirst() throws Exception {
    Node shortStart = node("short", 5);
    Node longStart = node("long", 1);
    Node longEnd = node("long end", 100, longStart);

    runner(1).build(List.of(shortStart, longEnd));

    assertThat(built).containsExactly("long", "long end", "short");
  }

  @Test
  void equallyUrgentNodesGoInTheOrderOfTheGraph() throws Exception {
    runner(1).build(List.of(node("c"), node("a"), node("b")));

    assertThat(built).containsExactly("c", "a", "b");
  }

  @Test
  void aFailureIsReportedAsItIsAndNothingNewStarts() {
    Node fails =
        node(
            "fails",
            (_, _, _) -> {
              throw new IOException("disk full");
            });

    assertThatThrownBy(
            () -> runner(1).build(List.of(fails, node("next"), node("dependent", fails))))
        .isInstanceOf(IOException.class)
        .hasMessage("disk full");
    assertThat(built).isEmpty();
    assertThat(store.has(fails.artifact())).isFalse();
  }

  @Test
  void badInputFoundByAStageStaysBadInput() {
    Node refuses =
        node(
            "refuses",
            (_, _, _) -> {
              throw new BadInput("stream moral: give it a source");
            });

    assertThatThrownBy(() -> runner(2).build(List.of(refuses)))
        .isInstanceOf(BadInput.class)
        .hasMessage("stream moral: give it a source");
  }

  @Test
  void onAFailureTheOthersAreInterruptedAndMaySaveTheirWork() throws Exception {
    CountDownLatch otherIsAtWork = new CountDownLatch(1);
    Node fails =
        node(
            "fails",
            (_, _, _) -> {
              otherIsAtWork.await();
              throw new IOException("disk full");
            });
    Node other = node("other", (_, work, _) -> trainUntilInterrupted(work, otherIsAtWork));

    assertThatThrownBy(() -> runner(2).build(List.of(fails, other)))
        .isInstanceOf(IOException.class)
        .hasMessage("disk full");

    Path work = root.resolve("work").resolve(other.artifact().folderName());
    assertThat(work.resolve("checkpoint")).hasContent("saved");
    assertThat(store.has(other.artifact())).isFalse();
  }

  private static void trainUntilInterrupted(Path work, CountDownLatch atWork)
      throws IOException, InterruptedException {
    atWork.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Files.writeString(work.resolve("checkpoint"), "saved");
      throw e;
    }
  }

  @Test
  void anInterruptedRunWaitsUntilItsNodesHaveSavedTheirWork() throws Exception {
    CountDownLatch atWork = new CountDownLatch(1);
    Node training = node("training", (_, work, _) -> trainUntilInterrupted(work, atWork));
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread run =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    runner(2).build(List.of(training));
                  } catch (IOException | InterruptedException e) {
                    end.set(e);
                  }
                });
    atWork.await();

    run.interrupt();
    run.join();

    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    Path work = root.resolve("work").resolve(training.artifact().folderName());
    assertThat(work.resolve("checkpoint")).hasContent("saved");
  }

  private Runner runner(int workers) {
    PrintStream silent = new PrintStream(OutputStream.nullOutputStream());
    return new Runner(store, new Progress(silent, false), workers, 1);
  }

  private Node node(String name, Node... inputs) {
    return node(name, 1, inputs);
  }

  private Node node(String name, long work, Node... inputs) {
    return new Node(
        Node.Stage.PRETRAIN,
        name,
        Artifact.of("node", 1, name),
        List.of(inputs),
        work,
        (_, _, _) -> {
          for (Node input : inputs) {
            assertThat(store.has(input.artifact())).isTrue();
          }
          built.add(name);
        });
  }

  private Node node(String name, Node.Action action) {
    return new Node(
        Node.Stage.PRETRAIN,
        name,
        Artifact.of("node", 1, name),
        List.of(),
        1,
        (output, work, progress) -> {
          action.run(output, work, progress);
          built.add(name);
        });
  }
}
