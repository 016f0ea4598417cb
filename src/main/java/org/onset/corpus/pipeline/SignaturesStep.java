package org.onset.corpus.pipeline;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onset.Fingerprint;
import org.onset.corpus.DistinctTexts;
import org.onset.corpus.clean.MinHash;
import org.onset.corpus.clean.MinHashSpec;
import org.onset.corpus.clean.Shingles;

/**
 * What a split's documents are told apart by. {@code signatures.bin} holds for each, big-endian, 16
 * bytes of the SHA-256 of its normalised text, and for near duplicates the key of each band, 8
 * bytes; {@code ids.jsonl} their ids, a JSON string a line.
 */
final class SignaturesStep {
  static final String NAME = "signatures";
  static final int VERSION = 2;
  private static final String IDS = "ids.jsonl";

  private SignaturesStep() {}

  static void run(Path documents, @Nullable MinHashSpec nearDuplicates, Path folder)
      throws IOException {
    MinHash minHash = nearDuplicates == null ? null : new MinHash(nearDuplicates);
    List<String> ids = new ArrayList<>();
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(Files.newOutputStream(folder.resolve("signatures.bin"))))) {
      DocumentFile.read(
          documents,
          _ -> true,
          (_, document) -> {
            ids.add(document.id());
            out.write(digest(document.text()));
            if (minHash != null && nearDuplicates != null) {
              long[] shingles = Shingles.of(document.text(), nearDuplicates.wordsPerShingle());
              for (long key : minHash.bandKeys(shingles)) {
                out.writeLong(key);
              }
            }
          });
    }
    JsonFile.writeLines(folder.resolve(IDS), ids);
  }

  private static byte[] digest(String text) {
    return HexFormat.of()
        .parseHex(Fingerprint.of(DistinctTexts.normalised(text)), 0, 2 * DIGEST_BYTES);
  }

  private static final int DIGEST_BYTES = 16;

  /** One document's signature: two halves of the digest, then the bands. */
  interface Consumer {
    void accept(int ordinal, long[] signature);
  }

  static void read(Path folder, int bands, Consumer consumer) throws IOException {
    int width = 2 + bands;
    byte[] row = new byte[width * Long.BYTES];
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(folder.resolve("signatures.bin"))))) {
      for (int ordinal = 0; in.readNBytes(row, 0, row.length) == row.length; ordinal++) {
        long[] signature = new long[width];
        ByteBuffer.wrap(row).asLongBuffer().get(signature);
        consumer.accept(ordinal, signature);
      }
    }
  }

  static List<String> ids(Path folder) throws IOException {
    return JsonFile.readLines(folder.resolve(IDS), String.class);
  }
}
