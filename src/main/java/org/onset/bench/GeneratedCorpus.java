package org.onset.bench;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.onset.BadInput;
import org.onset.corpus.source.SourceTexts;

/**
 * A corpus of any size, made of the words of real texts: JSON lines with {@code id}, {@code score}
 * and {@code text}, in files of 200 MB of which every other is packed with gzip. Of the documents
 * 2% repeat an earlier one and 10% repeat one with some words changed. What a document holds
 * follows from its number, so the files are the same on any machine, made by any number of threads.
 */
public final class GeneratedCorpus {
  private static final long FILE_BYTES = 200_000_000;
  private static final long LEARNT_CHARACTERS = 6_000_000;
  private static final double EXACT = 0.02;
  private static final double NEAR = 0.10;
  private static final double MOST_CHANGED =
      0.06; // of words; the least alike have a Jaccard of 0.6
  private static final double UNSAFE = 0.08;
  private static final int MEDIAN_BYTES = 1_800;
  private static final int SHORTEST_BYTES = 200;
  private static final int HIGHEST_SCORE = 5;

  private final WordChain words;

  private GeneratedCorpus(WordChain words) {
    this.words = words;
  }

  /**
   * Writes about {@code bytes} of text into the new folder {@code out}.
   *
   * @param like files whose words, up to 6 million characters, are taken
   */
  public static void write(List<Path> like, long bytes, Path out) throws IOException {
    if (Files.exists(out)) {
      throw new BadInput("--out: " + out + " is there already; name a new folder");
    }
    WordChain.Learning learning = new WordChain.Learning();
    long[] learnt = new long[1];
    SourceTexts.read(
        like,
        text -> {
          if (learnt[0] < LEARNT_CHARACTERS) {
            learnt[0] += text.length();
            learning.add(text);
          }
        });
    Files.createDirectories(out);
    new GeneratedCorpus(learning.chain()).writeFiles(bytes, out);
  }

  /** A document is an earlier one's copy, or its own original. */
  private enum Kind {
    ORIGINAL,
    EXACT_COPY,
    NEAR_COPY
  }

  private void writeFiles(long bytes, Path out) {
    List<Future<?>> files = new ArrayList<>();
    try (ExecutorService executor =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      long first = 0;
      long made = 0;
      while (made < bytes) {
        long inFile = 0;
        long end = first;
        for (; inFile < FILE_BYTES && made < bytes; end++) {
          int size = bytes(original(end));
          inFile += size;
          made += size;
        }
        Path file = out.resolve("part-%05d.jsonl".formatted(files.size()));
        boolean packed = files.size() % 2 == 1;
        long from = first;
        long to = end;
        files.add(executor.submit(() -> writeFile(from, to, file, packed)));
        first = end;
      }
    }
    for (Future<?> file : files) {
      try {
        file.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void writeFile(long first, long end, Path file, boolean packed) {
    Path named = packed ? file.resolveSibling(file.getFileName() + ".gz") : file;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (OutputStream out = open(named, packed)) {
      for (long number = first; number < end; number++) {
        line.reset();
        writeDocument(number, line);
        line.writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OutputStream open(Path file, boolean packed) throws IOException {
    OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 18);
    return packed ? new FastGzip(out) : out;
  }

  private void writeDocument(long number, ByteArrayOutputStream line) {
    SplittableRandom random = random(number, "score");
    int score = random.nextDouble() < UNSAFE ? 1 + random.nextInt(HIGHEST_SCORE) : 0;
    String head = "{\"id\":\"doc-%09d\",\"score\":%d,\"text\":\"".formatted(number, score);
    line.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    line.writeBytes(words.escaped(text(number)));
    line.writeBytes("\"}\n".getBytes(StandardCharsets.UTF_8));
  }

  private int[] text(long number) {
    long original = original(number);
    int[] text = words.text(bytes(original), random(original, "text"));
    if (kind(number) == Kind.NEAR_COPY) {
      SplittableRandom random = random(number, "changes");
      double changed = MOST_CHANGED * random.nextDouble();
      for (int i = 0; i < text.length; i++) {
        if (random.nextDouble() < changed) {
          text[i] = words.anyWord(random);
        }
      }
    }
    return text;
  }

  private static Kind kind(long number) {
    double position = random(number, "kind").nextDouble();
    if (number == 0 || position >= EXACT + NEAR) {
      return Kind.ORIGINAL;
    }
    return position < EXACT ? Kind.EXACT_COPY : Kind.NEAR_COPY;
  }

  /** The document itself, or the one it is a copy of. */
  private static long original(long number) {
    if (kind(number) == Kind.ORIGINAL) {
      return number;
    }
    SplittableRandom random = random(number, "original");
    long original = random.nextLong(number);
    while (kind(original) != Kind.ORIGINAL) {
      original = random.nextLong(number);
    }
    return original;
  }

  /** Log-normal up to three deviations, as lengths of web pages roughly are. */
  private static int bytes(long original) {
    SplittableRandom random = random(original, "length");
    double deviations = 2 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5);
    return (int) Math.max(SHORTEST_BYTES, MEDIAN_BYTES * StrictMath.exp(deviations));
  }

  /** Mixed well: generators whose seeds are multiples of their own step run behind each other. */
  private static SplittableRandom random(long number, String purpose) {
    long mixed = (number ^ (long) purpose.hashCode() << 32) * 0xD1342543DE82EF95L;
    mixed = (mixed ^ mixed >>> 32) * 0xD1342543DE82EF95L;
    return new SplittableRandom(mixed ^ mixed >>> 29);
  }

  /** Gzip's lowest level: the corpus is written faster than it is read. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
