package org.onset.corpus.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.onset.BadInput;
import org.onset.spec.Share;

/** The texts of files, one after another, for those who need no more of a corpus than these. */
public final class SourceTexts {
  private static final int LONGEST_LINE_BYTES = 1 << 24;

  private SourceTexts() {}

  /**
   * Hands on the text of every record of {@code files} (folders, globs) that isn't damaged, in
   * their order; JSON, Parquet and CSV have it in the column "text". Returns how many records were
   * damaged.
   *
   * @throws BadInput with every file that can't be read, or where there is no text at all
   */
  public static long read(List<Path> files, Consumer<String> texts) {
    TextSource source =
        new TextSource(
            files.stream().map(file -> file.toAbsolutePath().toString()).toList(),
            null,
            "id",
            "text",
            null,
            null,
            new Share(1));
    Configuration hadoop = new Configuration();
    SplitReader reader = new SplitReader(source, hadoop, LONGEST_LINE_BYTES);
    long[] read = new long[2];
    for (FileSplit split : SourceFiles.splits(Map.of("input", source), hadoop)) {
      reader.read(
          split,
          record -> {
            switch (record) {
              case SourceRecord.Text text -> {
                read[0]++;
                texts.accept(text.text());
              }
              case SourceRecord.Damaged _ -> read[1]++;
              case SourceRecord.NotWanted _ -> {}
            }
          });
    }
    if (read[0] == 0) {
      throw new BadInput(
          "%s: no record has a text; JSON, Parquet and CSV need a column text"
              .formatted(files.stream().map(Path::toString).toList()));
    }
    return read[1];
  }
}
