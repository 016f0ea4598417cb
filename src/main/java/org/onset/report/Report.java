package org.onset.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.onset.study.results.Results;
import org.onset.study.results.Results.Contrast;
import org.onset.study.results.Results.Row;
import org.onset.study.results.RunSummary;

/** Writes a run's results as a page, as tables of comma-separated values, and as plain text. */
public final class Report {
  private Report() {}

  /**
   * Writes {@code report.html}, {@code results.csv} and {@code contrasts.csv} into {@code folder},
   * each replaced as a whole or not at all.
   */
  public static void write(RunSummary summary, Path folder) throws IOException {
    Files.createDirectories(folder);
    Results results = summary.results();
    replace(folder.resolve("results.csv"), CommaSeparated.of(Row.class, results.rows()));
    replace(
        folder.resolve("contrasts.csv"), CommaSeparated.of(Contrast.class, results.contrasts()));
    replace(folder.resolve("report.html"), html(summary));
  }

  /** The page that {@link #write} writes. */
  public static String html(RunSummary summary) {
    return Page.of(summary);
  }

  /** The short table that ends a run on the terminal: plain text, at most 100 columns wide. */
  public static String table(Results results) {
    return TextTable.of(results);
  }

  /** The temporary name is one of its own, so that two processes don't write into one file. */
  private static void replace(Path file, String content) throws IOException {
    Path temporary =
        file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
