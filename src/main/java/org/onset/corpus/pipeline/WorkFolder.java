package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.Fingerprint;
import org.onset.WholeFolder;

/**
 * What steps have made, each a folder {@code STEP/KEY} named by all that determines its content. It
 * lies on a file system that every worker sees; a folder is whole or not there. Deleting it costs
 * time and nothing else.
 */
final class WorkFolder implements Serializable {
  private static final int DEEPEST_STEP = 2;

  private final String root; // a Path can't be serialized

  WorkFolder(Path root) {
    this.root = root.toAbsolutePath().normalize().toString();
  }

  /** The key of what is made of {@code parts}. */
  static String key(@Nullable Object... parts) {
    StringBuilder all = new StringBuilder();
    for (@Nullable Object part : parts) {
      String text = String.valueOf(part);
      all.append(text.length()).append(':').append(text);
    }
    return Fingerprint.of(all.toString());
  }

  /** Where all results of a step lie. */
  Path step(String step) {
    return Path.of(root, step);
  }

  /** What a result is called within the folder: its step and its key. */
  String relative(Path folder) {
    return Path.of(root).relativize(folder).toString();
  }

  Path folder(String step, String key) {
    return Path.of(root, step, key.substring(0, 32));
  }

  boolean has(String step, String key) {
    return Files.isDirectory(folder(step, key));
  }

  /** Fills a folder; travels to the worker that runs it. */
  interface Content extends Serializable {
    void writeTo(Path folder) throws IOException;
  }

  /** Makes the folder unless it is there, made by this worker or another. */
  Path make(String step, String key, Content content) throws IOException {
    Path target = folder(step, key);
    if (!Files.isDirectory(target)) {
      Files.createDirectories(target.resolveSibling(""));
      try {
        WholeFolder.write(
            target,
            folder -> {
              content.writeTo(folder);
              return folder;
            });
      } catch (FileSystemException | IllegalArgumentException e) {
        // The same task may run twice on Spark; both make the same bytes.
        if (!Files.isDirectory(target)) {
          throw e;
        }
      }
    }
    return target;
  }

  /** Removes what killed builds left behind. */
  void deleteTemporary() throws IOException {
    try (Stream<Path> folders = Files.walk(Path.of(root), DEEPEST_STEP)) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        if (Files.isDirectory(folder)) { // those within deleted ones are gone by now
          WholeFolder.deleteTemporary(folder);
        }
      }
    }
  }

  /** Whether the folder of a result is still being filled, or was when its writer was killed. */
  static boolean isTemporary(Path folder) {
    return folder.getFileName().toString().startsWith(".");
  }
}
