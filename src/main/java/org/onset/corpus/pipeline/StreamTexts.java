package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.onset.BadInput;

/** Reads the texts of a built corpus. */
public final class StreamTexts {
  static final String FOLDER = "texts";

  private StreamTexts() {}

  /** Takes documents one after another. */
  public interface Taker {
    void take(KeptDocument document) throws IOException;
  }

  /**
   * Hands on the documents of a stream in their order; none where no document came into it.
   *
   * @param corpus the corpus's folder
   * @throws BadInput where a file is damaged
   */
  public static void read(Path corpus, String stream, Taker taker) throws IOException {
    for (Path file : files(corpus.resolve(FOLDER).resolve(stream))) {
      DocumentFile.read(file, _ -> true, (_, document) -> taker.take(document));
    }
  }

  /** What lies in a folder, by name. */
  static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
