package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.WholeFile;
import org.onset.corpus.source.FileSplit;
import scala.Tuple2;

/**
 * The SHA-256 of every source file. A file of the same length and time of change as when it was
 * read last isn't read again.
 */
final class FileDigests {
  private final Path cacheFile;

  FileDigests(Path workFolder) {
    this.cacheFile = workFolder.resolve("digests.json");
  }

  /** What was found at some time. */
  record Known(long bytes, long modifiedMillis, String sha256) {}

  /** {@code digests.json}: URI → what is known. */
  record Cache(Map<String, Known> files) {}

  /**
   * URI → digest.
   *
   * @param reading reads files, on whatever machines
   */
  Map<String, String> of(
      List<FileSplit> splits, Function<List<FileSplit>, List<Tuple2<FileSplit, String>>> reading)
      throws IOException {
    Map<String, Known> known = new TreeMap<>();
    if (Files.exists(cacheFile)) {
      try {
        known.putAll(JsonFile.read(cacheFile, Cache.class).files());
      } catch (BadInput damaged) {
        Files.delete(cacheFile); // the files are read once more
      }
    }
    Map<String, FileSplit> files = new LinkedHashMap<>();
    splits.forEach(split -> files.putIfAbsent(split.file(), split));
    List<FileSplit> unread =
        files.values().stream().filter(file -> !isAsKnown(file, known.get(file.file()))).toList();
    if (!unread.isEmpty()) {
      reading
          .apply(unread)
          .forEach(
              file ->
                  known.put(
                      file._1().file(),
                      new Known(file._1().bytes(), file._1().modifiedMillis(), file._2())));
      byte[] json = JsonFile.canonical(new Cache(known)).getBytes(StandardCharsets.UTF_8);
      WholeFile.write(cacheFile, json);
    }
    Map<String, String> digests = new TreeMap<>();
    files.keySet().forEach(file -> digests.put(file, known(known, file).sha256()));
    return digests;
  }

  private static Known known(Map<String, Known> all, String file) {
    Known known = all.get(file);
    if (known == null) {
      throw new IllegalStateException("no digest of " + file);
    }
    return known;
  }

  private static boolean isAsKnown(FileSplit file, @Nullable Known known) {
    return known != null
        && known.bytes() == file.bytes()
        && known.modifiedMillis() == file.modifiedMillis();
  }

  /** Reads one file. */
  static Tuple2<FileSplit, String> read(FileSplit file, Configuration hadoop) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.file());
    try (InputStream in = path.getFileSystem(hadoop).open(path, 1 << 16)) {
      return new Tuple2<>(file, Fingerprint.of(in));
    }
  }
}
