package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.onset.corpus.Streams;
import org.onset.token.DocumentShard;
import org.onset.token.Tokenizer;

/** The tokens of a split's streams: of each stream a shard, every document ended by end of text. */
final class TokensStep {
  static final String NAME = "tokens";
  static final int VERSION = 1;

  /**
   * What a split gave.
   *
   * @param tokens stream → tokens, ends of text counted
   * @param tags how many tokens of the tagged stream are the tag
   */
  record Counts(SortedMap<String, Long> tokens, long tags) {}

  private TokensStep() {}

  static Counts counts(Path folder) throws IOException {
    return JsonFile.read(folder.resolve("counts.json"), Counts.class);
  }

  static void run(Path streams, Path tokenizerFolder, Path folder) throws IOException {
    Tokenizer tokenizer = PerWorker.tokenizer(tokenizerFolder);
    SortedMap<String, Long> tokens = new TreeMap<>();
    long[] tags = new long[1];
    for (String stream : StreamsStep.streams(streams)) {
      boolean tagged = stream.equals(Streams.TAGGED);
      try (DocumentShard.Writer out =
          new DocumentShard.Writer(folder.resolve(stream), tokenizer.vocabSize())) {
        DocumentFile.read(
            StreamsStep.stream(streams, stream),
            _ -> true,
            (_, document) -> {
              int[] ids =
                  tagged
                      ? tokenizer.encodeTagged(document.text())
                      : tokenizer.encode(document.text());
              out.add(ids, tokenizer.endOfText());
              tokens.merge(stream, ids.length + 1L, Long::sum);
              if (tagged) {
                int tag = tokenizer.tag().orElseThrow();
                for (int id : ids) {
                  tags[0] += id == tag ? 1 : 0;
                }
              }
            });
      }
    }
    JsonFile.write(folder.resolve("counts.json"), new Counts(tokens, tags[0]));
  }
}
