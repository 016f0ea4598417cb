package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.onset.corpus.intervene.Rule;
import org.onset.corpus.intervene.Span;
import org.onset.token.DocumentShard;
import org.onset.token.Tokenizer;

/** The tokens of a split's streams: of each stream a shard, every document ended by end of text. */
final class TokensStep {
  static final String NAME = "tokens";
  static final int VERSION = 2;

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

  /**
   * How streams are encoded.
   *
   * @param tagged streams in which the tag's literal is the tag
   * @param lossOnInserted streams of which only what was inserted carries loss
   */
  record Settings(Set<String> tagged, Set<String> lossOnInserted) implements Serializable {
    Settings {
      tagged = Collections.unmodifiableSet(new TreeSet<>(tagged));
      lossOnInserted = Collections.unmodifiableSet(new TreeSet<>(lossOnInserted));
    }

    static Settings of(Map<String, Rule> rules) {
      Set<String> tagged = new TreeSet<>();
      Set<String> lossOnInserted = new TreeSet<>();
      rules.forEach(
          (stream, rule) -> {
            if (rule.kind() == Rule.Kind.TAG) {
              tagged.add(stream);
            }
            if (rule.lossOn() == Rule.LossOn.INSERTED) {
              lossOnInserted.add(stream);
            }
          });
      return new Settings(tagged, lossOnInserted);
    }
  }

  static void run(Path streams, Path tokenizerFolder, Settings settings, Path folder)
      throws IOException {
    Tokenizer tokenizer = PerWorker.tokenizer(tokenizerFolder);
    SortedMap<String, Long> tokens = new TreeMap<>();
    long[] tags = new long[1];
    for (String stream : StreamsStep.streams(streams)) {
      boolean masked = settings.lossOnInserted().contains(stream);
      try (DocumentShard.Writer out =
          new DocumentShard.Writer(folder.resolve(stream), tokenizer.vocabSize(), masked)) {
        DocumentFile.read(
            StreamsStep.stream(streams, stream),
            _ -> true,
            (_, document) -> {
              if (settings.tagged().contains(stream)) {
                int[] ids = tokenizer.encodeTagged(document.text());
                out.add(ids, tokenizer.endOfText());
                int tag = tokenizer.tag().orElseThrow();
                tags[0] += Arrays.stream(ids).filter(id -> id == tag).count();
                tokens.merge(stream, ids.length + 1L, Long::sum);
              } else if (masked) {
                long added = addMasked(document, tokenizer, out);
                tokens.merge(stream, added, Long::sum);
              } else {
                int[] ids = tokenizer.encode(document.text());
                out.add(ids, tokenizer.endOfText());
                tokens.merge(stream, ids.length + 1L, Long::sum);
              }
            });
      }
    }
    JsonFile.write(folder.resolve("counts.json"), new Counts(tokens, tags[0]));
  }

  /** What was inserted is encoded by itself, so that every token is wholly of one kind. */
  private static long addMasked(
      KeptDocument document, Tokenizer tokenizer, DocumentShard.Writer out) throws IOException {
    IntStream.Builder ids = IntStream.builder();
    BitSet trained = new BitSet();
    int length = 0;
    int position = 0;
    for (Span span : document.inserted()) {
      int[] own = tokenizer.encode(document.text().substring(position, span.start()));
      int[] inserted = tokenizer.encode(document.text().substring(span.start(), span.end()));
      Arrays.stream(own).forEach(ids::add);
      Arrays.stream(inserted).forEach(ids::add);
      trained.set(length + own.length, length + own.length + inserted.length);
      length += own.length + inserted.length;
      position = span.end();
    }
    int[] rest = tokenizer.encode(document.text().substring(position));
    Arrays.stream(rest).forEach(ids::add);
    out.add(ids.build().toArray(), trained, tokenizer.endOfText());
    return length + rest.length + 1L;
  }
}
