package org.onset.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stage of the graph: an artifact, what it is made from, and how.
 *
 * @param label what a reader calls it: {@code pretrain start-20 seed 1}
 * @param work how much there is to do, in its stage's unit
 */
record Node(
    Stage stage, String label, Artifact artifact, List<Node> inputs, long work, Action action) {
  Node {
    inputs = List.copyOf(inputs);
  }

  /** Nodes are equal when they make the same artifact: arms that agree share it. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Node node && node.artifact.equals(artifact);
  }

  @Override
  public int hashCode() {
    return artifact.hashCode();
  }

  /** The stages in the order in which a reader meets them. */
  enum Stage {
    CORPUS("corpus", ""),
    TOKENS("tokens", "streams"),
    MODEL("model", ""),
    PRETRAIN("pretrain", "tokens"),
    INSTRUCT("instruct", "tokens"),
    BENIGN("benign", "tokens"),
    RESPOND("respond", ""),
    MEASURE("measure", ""),
    PROBE("probe", ""),
    JUDGE("judge", "");

    final String title;

    /** What {@link Node#work} counts; empty where a node is all that can be counted. */
    final String unit;

    Stage(String title, String unit) {
      this.title = title;
      this.unit = unit;
    }
  }

  /** Builds the artifact's files into {@code output}. */
  interface Action {
    void run(Path output, Path work, Progress.Task progress)
        throws IOException, InterruptedException;
  }
}
