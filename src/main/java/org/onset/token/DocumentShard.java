package org.onset.token;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    private final IndexedDataset.Growing growing;

    public Writer(Path prefix, int vocabSize) throws IOException {
      this.prefix = prefix;
      this.vocabSize = vocabSize;
      this.growing = new IndexedDataset.Growing(prefix, TokenShard.elementType(vocabSize));
    }

    /** Adds a document and the end of text behind it. */
    public void add(int[] document, int endOfText) throws IOException {
      for (int id : document) {
        if (id < 0 || id >= vocabSize) {
          throw new IllegalArgumentException(
              "token %d of a vocabulary of %d, in %s".formatted(id, vocabSize, prefix));
        }
      }
      growing.add(document, endOfText);
    }

    @Override
    public void close() throws IOException {
      growing.close();
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
    try (OutputStream bin =
        new BufferedOutputStream(Files.newOutputStream(IndexedDataset.bin(prefix)), 1 << 16)) {
      for (Path part : parts) {
        Files.copy(IndexedDataset.bin(part), bin);
      }
    }
    return IndexedDataset.joinIndices(parts, prefix);
  }
}
