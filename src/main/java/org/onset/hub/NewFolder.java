package org.onset.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.onset.BadInput;

/** Puts a folder in place whole or not at all: written under another name, synced, renamed. */
final class NewFolder {
  private NewFolder() {}

  /** BadInput when {@code target} is there already: nothing is written over. */
  static void write(Path target, Consumer<Path> content) {
    requireFree(target);
    Path absolute = target.toAbsolutePath().normalize();
    Path temporary =
        absolute.resolveSibling("." + absolute.getFileName() + ".tmp-" + UUID.randomUUID());
    try {
      Files.createDirectories(temporary);
      try {
        content.accept(temporary);
        sync(temporary);
        requireFree(target);
        Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
        syncOne(absolute.resolveSibling(""));
      } finally {
        if (Files.exists(temporary)) {
          delete(temporary);
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw new BadInput(e.getFile() + ": is no folder, so nothing can be put into it");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void requireFree(Path target) {
    if (Files.exists(target)) {
      throw new BadInput(
          target + ": is there already, and nothing is written over; name another --out");
    }
  }

  private static void delete(Path folder) throws IOException {
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
