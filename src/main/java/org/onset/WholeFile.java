package org.onset;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Puts a file in place whole or not at all: written under another name, synced, then renamed. */
public final class WholeFile {
  /** Writes the file's bytes, under whatever name it has by then. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private WholeFile() {}

  /** Writes {@code target}, or replaces it; folders above it are made as needed. */
  public static void write(Path target, byte[] content) {
    write(target, out -> out.write(content));
  }

  /** Writes {@code target}, or replaces it; folders above it are made as needed. */
  public static void write(Path target, Content content) {
    Path absolute = target.toAbsolutePath();
    Path temporary = absolute.resolveSibling(target.getFileName() + ".tmp-" + UUID.randomUUID());
    try {
      Files.createDirectories(folderOf(absolute));
      try {
        writeAndSync(temporary, content);
        Files.move(
            temporary,
            absolute,
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + target, e);
    }
  }

  private static void writeAndSync(Path file, Content content) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  private static Path folderOf(Path absolute) {
    Path folder = absolute.getParent();
    if (folder == null) {
      throw new IllegalArgumentException(absolute + " is no file");
    }
    return folder;
  }
}
