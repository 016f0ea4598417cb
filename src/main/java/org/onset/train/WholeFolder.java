package org.onset.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Puts a folder in place whole or not at all: written under another name, synced, renamed. */
final class WholeFolder {
  private static final String TEMPORARY = ".tmp-";

  interface Content<T> {
    T writeTo(Path folder) throws IOException;
  }

  private WholeFolder() {}

  /** Writes {@code target}, which must not exist; an interrupt doesn't stop it. */
  static <T> T write(Path target, Content<T> content) {
    if (Files.exists(target)) {
      throw new IllegalArgumentException(target + " exists already");
    }
    return Uninterrupted.call(() -> writeOnce(target.toAbsolutePath(), content));
  }

  private static <T> T writeOnce(Path target, Content<T> content) throws IOException {
    Path temporary =
        target.resolveSibling("." + target.getFileName() + TEMPORARY + UUID.randomUUID());
    Files.createDirectories(temporary);
    try {
      T result = content.writeTo(temporary);
      sync(temporary);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      syncOne(target.resolveSibling(""));
      return result;
    } finally {
      if (Files.exists(temporary)) {
        delete(temporary);
      }
    }
  }

  /** Removes what killed processes left beside {@code parent}'s folders. */
  static void deleteTemporary(Path parent) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (name.startsWith(".") && name.contains(TEMPORARY)) {
          delete(entry);
        }
      }
    }
  }

  static void delete(Path folder) throws IOException {
    for (Path path : deepestFirst(folder)) {
      Files.delete(path);
    }
  }

  private static void sync(Path folder) throws IOException {
    for (Path path : deepestFirst(folder)) {
      syncOne(path);
    }
  }

  private static void syncOne(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static List<Path> deepestFirst(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
