package org.onset.corpus.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.onset.BadInput;

/** Finds the files of declared sources, and cuts them into splits. */
public final class SourceFiles {
  /**
   * Small enough that a laptop's cores share one file, large enough that a cluster isn't drowned.
   */
  static final long SPLIT_BYTES = 64L << 20;

  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

  private final Configuration hadoop;
  private final List<String> problems = new ArrayList<>();

  private SourceFiles(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * All splits: sources in their order, the files of a source as declared and those of a folder or
   * glob by name, each file from its beginning.
   *
   * @throws BadInput with everything that names no readable file, or a file twice
   */
  public static List<FileSplit> splits(Map<String, TextSource> sources, Configuration hadoop) {
    SourceFiles files = new SourceFiles(hadoop);
    List<FileSplit> splits = new ArrayList<>();
    Map<String, String> owners = new TreeMap<>();
    sources.forEach(
        (name, source) -> {
          for (String declared : source.files()) {
            for (Found found : files.find(declared, source)) {
              String uri = found.file().getPath().toString();
              String before = owners.putIfAbsent(uri, name);
              if (before != null) {
                files.problems.add(
                    "%s: is named twice, by the sources %s and %s"
                        .formatted(FileSplit.shown(uri), before, name));
              } else {
                splits.addAll(files.cut(name, source, found));
              }
            }
          }
        });
    if (!files.problems.isEmpty()) {
      throw new BadInput(files.problems);
    }
    return splits;
  }

  /**
   * A file, and what it is called below what was declared, so that it keeps its name where all
   * moves.
   */
  private record Found(FileStatus file, String name) {
    static Found below(Path folder, FileStatus file) {
      String path = file.getPath().toString().substring(folder.toString().length());
      return new Found(file, path.startsWith("/") ? path.substring(1) : path);
    }
  }

  private List<Found> find(String declared, TextSource source) {
    Path path = new Path(declared);
    try {
      FileSystem system = path.getFileSystem(hadoop);
      if (system.exists(path)) {
        FileStatus found = system.getFileStatus(path);
        Path folder = found.isFile() ? found.getPath().getParent() : found.getPath();
        return below(folder, beneath(system, found, source, declared));
      }
      FileStatus[] matches = system.globStatus(path);
      if (matches == null || matches.length == 0) {
        problems.add(declared + ": there is no such file or folder, and no file fits it as a glob");
        return List.of();
      }
      Arrays.sort(matches, Comparator.comparing(match -> match.getPath().toString()));
      List<FileStatus> files = new ArrayList<>();
      for (FileStatus match : matches) {
        files.addAll(beneath(system, match, source, declared));
      }
      return below(system.makeQualified(fixedPart(path)), files);
    } catch (IOException | RuntimeException e) { // a file system whose jar is missing, for one
      problems.add("%s: can't be looked at (%s)".formatted(declared, reason(e)));
      return List.of();
    }
  }

  private static List<Found> below(Path folder, List<FileStatus> files) {
    return files.stream().map(file -> Found.below(folder, file)).toList();
  }

  /** The folders of a glob before its first wildcard. */
  private static Path fixedPart(Path glob) {
    Path fixed = glob;
    while (WILDCARD.matcher(fixed.toUri().getPath()).find() && fixed.getParent() != null) {
      fixed = fixed.getParent();
    }
    return fixed;
  }

  /** The file itself, or of a folder the files that have a known form; hidden ones are left out. */
  private List<FileStatus> beneath(
      FileSystem system, FileStatus found, TextSource source, String declared) throws IOException {
    if (found.isFile()) {
      return List.of(found);
    }
    List<FileStatus> files = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> all = system.listFiles(found.getPath(), true);
    while (all.hasNext()) {
      LocatedFileStatus file = all.next();
      String inFolder = file.getPath().toString().substring(found.getPath().toString().length());
      boolean hidden = inFolder.contains("/.") || inFolder.contains("/_");
      boolean known = source.format() != null || Format.of(file.getPath().getName()).isPresent();
      if (!hidden && known) {
        files.add(file);
      }
    }
    files.sort(Comparator.comparing(file -> file.getPath().toString()));
    if (files.isEmpty()) {
      problems.add(
          "%s: the folder holds no file that ends in %s"
              .formatted(declared, Format.knownEndings()));
    }
    return files;
  }

  private List<FileSplit> cut(String name, TextSource source, Found found) {
    FileStatus file = found.file();
    String uri = file.getPath().toString();
    String shown = FileSplit.shown(uri);
    Optional<Format> format =
        Optional.ofNullable(source.format()).or(() -> Format.of(file.getPath().getName()));
    if (format.isEmpty()) {
      problems.add(
          "%s: has an unknown ending; known are %s, or set the source's format"
              .formatted(shown, Format.knownEndings()));
      return List.of();
    }
    if (file.getLen() == 0) {
      problems.add(shown + ": holds nothing");
      return List.of();
    }
    try {
      return switch (format.get()) {
        case PARQUET -> {
          int groups = new ParquetRows(uri, hadoop).rowGroups();
          List<FileSplit> splits = new ArrayList<>();
          for (int group = 0; group < groups; group++) {
            splits.add(split(name, found, format.get(), group, group + 1L));
          }
          yield splits;
        }
        // Whether a line break stands in quotes is known only from the beginning.
        case WHOLE_FILES, CSV -> List.of(split(name, found, format.get(), 0, file.getLen()));
        case JSON_LINES, LINES -> {
          if (isPacked(file)) {
            yield List.of(split(name, found, format.get(), 0, Long.MAX_VALUE));
          }
          List<FileSplit> splits = new ArrayList<>();
          for (long start = 0; start < file.getLen(); start += SPLIT_BYTES) {
            long end = Math.min(start + SPLIT_BYTES, file.getLen());
            splits.add(split(name, found, format.get(), start, end));
          }
          yield splits;
        }
      };
    } catch (FileNotFoundException e) {
      problems.add(shown + ": may not be read");
    } catch (IOException | RuntimeException e) {
      problems.add("%s: can't be read (%s)".formatted(shown, reason(e)));
    }
    return List.of();
  }

  private static String reason(Exception failure) {
    return failure instanceof UnknownHostException // whose message is the host alone
        ? "there is no host " + failure.getMessage()
        : FileSplit.shown(String.valueOf(failure.getMessage()));
  }

  private boolean isPacked(FileStatus file) throws IOException {
    try (InputStream in = file.getPath().getFileSystem(hadoop).open(file.getPath())) {
      return Decompression.isPacked(in);
    }
  }

  private static FileSplit split(String source, Found found, Format format, long start, long end) {
    FileStatus file = found.file();
    return new FileSplit(
        source,
        file.getPath().toString(),
        found.name(),
        format,
        file.getLen(),
        file.getModificationTime(),
        start,
        end);
  }
}
