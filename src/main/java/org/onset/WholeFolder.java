package org.onset;

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
public final class WholeFolder {
  private static final String TEMPORARY = ".tmp-";

  /** Fills the folder, under whatever name it has by then. */
  public interface Content<T> {
    T writeTo(Path folder) throws IOException;
  }

  private WholeFolder() {}

  /** Writes {@code target}, which must not exist; returns what its content came to. */
  public static <T> T write(Path target, Content<T> content) throws IOException {
    if (Files.exists(target)) {
      throw new IllegalArgumentException(target + " exists already");
    }
    Path absolute = target.toAbsolutePath().normalize();
    Path temporary =
        absolute.resolveSibling("." + absolute.getFileName() + TEMPORARY + UUID.randomUUID());
    Files.createDirectories(temporary);
    try {
      T result = content.writeTo(temporary);
      sync(temporary);
      Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
      syncOne(absolute.resolveSibling(""));
      return result;
    } finally {
      if (Files.exists(temporary)) {
        delete(temporary);
      }
    }
  }

  /** Removes what killed processes left in {@code parent} of any folder. */
  public static void deleteTemporary(Path parent) throws IOException {
    deleteBeginningWith(parent, ".");
  }

  /** Removes what killed processes left of {@code target}. */
  public static void deleteTemporaryOf(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.isDirectory(absolute.resolveSibling(""))) {
      deleteBeginningWith(absolute.resolveSibling(""), "." + absolute.getFileName() + TEMPORARY);
    }
  }

  private static void deleteBeginningWith(Path parent, String beginning) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (name.startsWith(beginning) && name.contains(TEMPORARY)) {
          delete(entry);
        }
      }
    }
  }

  /** With all that is in it. */
  public static void delete(Path folder) throws IOException {
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
