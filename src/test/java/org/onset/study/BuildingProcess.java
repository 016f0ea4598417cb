package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks a store for an artifact, in a process of its own: goes on with each line on its input, and
 * prints {@code building} where it is the one to build, {@code there} at the end.
 */
final class BuildingProcess {
  static final Artifact ARTIFACT = Artifact.of("shared", 1, "of processes");

  private BuildingProcess() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    awaitLine();
    new ArtifactStore(Path.of(arguments[0]))
        .build(
            ARTIFACT,
            (output, _) -> {
              String own = Long.toString(ProcessHandle.current().pid());
              Files.writeString(output.resolve("builder"), own);
              System.out.println("building");
              awaitLine();
            });
    System.out.println("there");
  }

  private static void awaitLine() throws IOException {
    if (System.in.read() < 0) {
      throw new IllegalStateException("the test is gone");
    }
  }
}
