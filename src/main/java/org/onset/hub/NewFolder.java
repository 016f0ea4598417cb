package org.onset.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.onset.BadInput;
import org.onset.WholeFolder;

/** A folder that a user has named for something new: nothing is written over. */
final class NewFolder {
  private NewFolder() {}

  /** Whole or not at all; BadInput when {@code target} is there already. */
  static void write(Path target, Consumer<Path> content) {
    requireFree(target);
    try {
      WholeFolder.deleteTemporaryOf(target);
      WholeFolder.write(
          target,
          temporary -> {
            content.accept(temporary);
            requireFree(target);
            return target;
          });
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
}
