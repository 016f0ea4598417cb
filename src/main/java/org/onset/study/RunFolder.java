package org.onset.study;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder that a run leaves; each file in it is replaced as a whole or not at all. */
record RunFolder(Path folder) {

  interface Writer {
    void write(Path file) throws IOException;
  }

  void replace(String name, Writer writer) throws IOException {
    Path target = folder.resolve(name);
    Files.createDirectories(target.getParent());
    Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      writer.write(temporary);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  void replaceJson(String name, Object value) throws IOException {
    replace(name, file -> JsonLines.writeJson(file, value));
  }

  void replaceLines(String name, List<String> lines) throws IOException {
    replace(name, file -> Files.write(file, lines));
  }

  /**
   * Shows the files of an artifact's folder under {@code name}: as links where they can be had, as
   * copies elsewhere.
   */
  void link(String name, Path artifact, @Nullable Path besides) throws IOException {
    Path target = folder.resolve(name);
    Files.createDirectories(target);
    linkInto(target, artifact);
    if (besides != null) {
      linkInto(target, besides);
    }
  }

  private void linkInto(Path target, Path source) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path link = target.resolve(source.relativize(file).toString());
        Files.createDirectories(link.getParent());
        if (Files.exists(link) && Files.isSameFile(link, file)) {
          continue;
        }
        String name = folder.relativize(link).toString();
        replace(
            name,
            temporary -> {
              try {
                Files.createLink(temporary, file);
              } catch (UnsupportedOperationException | FileSystemException e) {
                Files.copy(file, temporary);
              }
            });
      }
    }
  }
}
