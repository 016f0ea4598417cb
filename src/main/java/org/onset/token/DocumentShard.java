package org.onset.token;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onset.token.IndexedDataset.ElementType;

/**
 * Tokens as Megatron-LM keeps a corpus: each sequence of the indexed dataset is a document, and its
 * last id the end of text. A shard is written document by document, and shards are joined into
 * larger ones, in memory that doesn't depend on their sizes.
 */
public final class DocumentShard {
  private DocumentShard() {}

  /** Writes a shard; it is whole once the writer is closed. A shard of no document has no files. */
  public static final class Writer implements AutoCloseable {
    private final Path prefix;
    private final int vocabSize;
    private final IndexedDataset.Growing tokens;
    private final IndexedDataset.@Nullable Growing mask;

    /**
     * @param masked whether a second dataset says which tokens carry loss
     */
    public Writer(Path prefix, int vocabSize, boolean masked) throws IOException {
      this.prefix = prefix;
      this.vocabSize = vocabSize;
      this.tokens = new IndexedDataset.Growing(prefix, TokenShard.elementType(vocabSize));
      this.mask =
          masked
              ? new IndexedDataset.Growing(TokenShard.maskPrefix(prefix), ElementType.UINT8)
              : null;
    }

    /** Adds a document, the end of text behind it included. */
    public void add(TrainingSequence document) throws IOException {
      for (int id : document.tokens()) {
        if (id < 0 || id >= vocabSize) {
          throw new IllegalArgumentException(
              "token %d of a vocabulary of %d, in %s".formatted(id, vocabSize, prefix));
        }
      }
      tokens.add(document.tokens());
      if (mask != null) {
        int[] marks = new int[document.trained().length];
        for (int i = 1; i < marks.length; i++) {
          marks[i] = document.trained()[i] ? 1 : 0;
        }
        mask.add(marks);
      }
    }

    @Override
    public void close() throws IOException {
      if (mask != null) {
        mask.close();
      }
      tokens.close();
    }
  }

  /** Whether a shard was written there, of at least one document. */
  public static boolean exists(Path prefix) {
    return IndexedDataset.existsAt(prefix);
  }

  /**
   * Writes one shard with the documents of all parts, in their order; returns how many tokens it
   * has.
   *
   * @param parts prefixes of shards over one vocabulary; at least one
   */
  public static long join(List<Path> parts, Path prefix) throws IOException {
    if (exists(TokenShard.maskPrefix(parts.getFirst()))) {
      joinOne(parts.stream().map(TokenShard::maskPrefix).toList(), TokenShard.maskPrefix(prefix));
    }
    return joinOne(parts, prefix);
  }

  private static long joinOne(List<Path> parts, Path prefix) throws IOException {
    try (OutputStream bin =
        new BufferedOutputStream(Files.newOutputStream(IndexedDataset.bin(prefix)), 1 << 16)) {
      for (Path part : parts) {
        Files.copy(IndexedDataset.bin(part), bin);
      }
    }
    return IndexedDataset.joinIndices(parts, prefix);
  }
}
