package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.onset.token.DocumentShard;
import org.onset.token.Tokenizer;
import org.onset.token.TrainingSequence;

/** The tokens of a split's streams: of each stream a shard, every document ended by end of text. */
final class TokensStep {
  static final String NAME = "tokens";
  static final int VERSION = 2;
  private static final int NO_TAG = -1;

  /**
   * What a split gave.
   *
   * @param tokens stream → tokens, ends of text counted
   * @param tags how many tokens are the tag
   */
  record Counts(SortedMap<String, Long> tokens, long tags) {}

  private TokensStep() {}

  static Counts counts(Path folder) throws IOException {
    return JsonFile.read(folder.resolve("counts.json"), Counts.class);
  }

  static void run(Path streams, Path tokenizerFolder, StreamEncoder.Rules rules, Path folder)
      throws IOException {
    Tokenizer tokenizer = PerWorker.tokenizer(tokenizerFolder);
    StreamEncoder encoder = new StreamEncoder(rules, tokenizer);
    int tag = tokenizer.tag().orElse(NO_TAG);
    SortedMap<String, Long> tokens = new TreeMap<>();
    long[] tags = new long[1];
    for (String stream : StreamsStep.streams(streams)) {
      try (DocumentShard.Writer out =
          new DocumentShard.Writer(
              folder.resolve(stream), tokenizer.vocabSize(), encoder.isMasked(stream))) {
        DocumentFile.read(
            StreamsStep.stream(streams, stream),
            _ -> true,
            (_, document) -> {
              TrainingSequence sequence = encoder.encode(stream, document);
              out.add(sequence);
              tags[0] += Arrays.stream(sequence.tokens()).filter(id -> id == tag).count();
              tokens.merge(stream, (long) sequence.tokens().length, Long::sum);
            });
      }
    }
    JsonFile.write(folder.resolve("counts.json"), new Counts(tokens, tags[0]));
  }
}
