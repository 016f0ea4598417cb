package org.onset.study;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.onset.BadInput;
import org.onset.PatientLock;

/**
 * Artifacts on disk, each a folder named by its content's determinants. Several runs and processes
 * may share a store.
 *
 * <pre>
 * KIND-KEY/    finished artifacts
 * work/        checkpoints of artifacts that are being built; they outlive a crash
 * locks/       one file per artifact ever built
 * tmp/         folders that were never published
 * corpora/     what the steps of corpora made of files, and what language models answered for them
 * </pre>
 */
final class ArtifactStore {
  /**
   * Builds an artifact's content into {@code output}; {@code work} survives a crash and is removed
   * after success.
   */
  interface Builder {
    void build(Path output, Path work) throws IOException, InterruptedException;
  }

  private final Path root;

  ArtifactStore(Path root) {
    this.root = root;
  }

  Path folder(Artifact artifact) {
    return root.resolve(artifact.folderName());
  }

  /** Where corpora keep what outlasts a build; studies that read the same files share it. */
  Path keptCorpora() {
    return root.resolve("corpora");
  }

  boolean has(Artifact artifact) {
    return Files.isDirectory(folder(artifact));
  }

  interface Reader<T> {
    T read(Path folder);
  }

  /** Reads a finished artifact; where {@code reader} finds it damaged, says what to do as well. */
  <T> T read(Artifact artifact, Reader<T> reader) {
    Path folder = folder(artifact);
    try {
      return reader.read(folder);
    } catch (BadInput damaged) {
      List<String> problems = new ArrayList<>(damaged.problems());
      problems.add("delete the folder %s and run again, which builds it anew".formatted(folder));
      throw new BadInput(problems);
    }
  }

  /** Builds the artifact unless it is there; waits while another process builds it. */
  void build(Artifact artifact, Builder builder) throws IOException, InterruptedException {
    Path lockFile = Files.createDirectories(root.resolve("locks")).resolve(artifact.folderName());
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = PatientLock.of(channel)) {
      if (has(artifact)) {
        return;
      }
      Path output = root.resolve("tmp").resolve(artifact.folderName());
      deleteRecursively(output); // what a killed process left; the lock says that none is at work
      Files.createDirectories(output);
      Path work = Files.createDirectories(root.resolve("work").resolve(artifact.folderName()));
      try {
        builder.build(output, work);
        forceAll(output);
        publish(output, folder(artifact));
      } finally {
        deleteRecursively(output);
      }
      deleteRecursively(work);
    }
  }

  private void publish(Path output, Path target) throws IOException {
    try {
      Files.move(output, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the store's file system can't rename a folder: " + target, e);
    }
    forceFolder(root);
  }

  private static void forceAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.toList()) {
        if (Files.isDirectory(path)) {
          forceFolder(path);
        } else {
          try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }
      }
    }
  }

  /** Forces a folder's entries to disk, where the platform lets a folder be opened. */
  private static void forceFolder(Path folder) throws IOException {
    if (!System.getProperty("os.name").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  static void deleteRecursively(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
