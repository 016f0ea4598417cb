package org.onset.corpus.score;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;

/** The two files of a sentence-embedding model: ONNX, and the {@code tokenizer.json} to it. */
record ModelFiles(Bytes model, Bytes tokenizer) {
  /** all-MiniLM-L6-v2 with eight-bit weights: 384 dimensions, English. */
  static final ModelFiles BUILT_IN =
      new ModelFiles(
          new Bytes.Resource("all-minilm-l6-v2-q.onnx"),
          new Bytes.Resource("all-minilm-l6-v2-q-tokenizer.json"));

  /** So that a scorer's file, which holds both, can be mapped. */
  private static final int MOST_BYTES = 1_000_000_000;

  private static final String MODEL = "model.onnx";
  private static final String TOKENIZER = "tokenizer.json";

  /** Finds what a spec names; says everything that is missing at once. */
  static ModelFiles of(EmbeddingSpec spec) {
    if (spec.model() == null) {
      return BUILT_IN;
    }
    Path model = spec.model();
    Path tokenizer = spec.tokenizer();
    if (Files.isDirectory(model)) {
      tokenizer = Objects.requireNonNullElse(tokenizer, model.resolve(TOKENIZER));
      Path nested = model.resolve("onnx").resolve(MODEL);
      model = Files.exists(nested) ? nested : model.resolve(MODEL);
    } else if (!Files.exists(model)) {
      throw new BadInput(
          "%s: there is no such file or folder; a sentence-embedding model is a folder with %s and %s"
              .formatted(model, MODEL, TOKENIZER));
    } else if (tokenizer == null) {
      tokenizer = model.resolveSibling(TOKENIZER);
    }
    List<String> problems = new ArrayList<>();
    Bytes modelBytes = whole(model, "the model as ONNX", problems);
    Bytes tokenizerBytes = whole(tokenizer, "the tokenizer", problems);
    if (modelBytes == null || tokenizerBytes == null) {
      throw new BadInput(problems);
    }
    return new ModelFiles(modelBytes, tokenizerBytes);
  }

  private static @Nullable Bytes whole(Path file, String what, List<String> problems) {
    if (!Files.isRegularFile(file)) {
      problems.add(
          "%s: no such file; a sentence-embedding model is a folder with %s and %s, and this is where %s was looked for"
              .formatted(file, MODEL, TOKENIZER, what));
      return null;
    }
    try {
      long size = Files.size(file);
      if (size == 0 || size > MOST_BYTES) {
        problems.add(
            "%s: has %d bytes; %s must have between 1 and %d"
                .formatted(file, size, what, MOST_BYTES));
        return null;
      }
      return new Bytes.InFile(file, 0, size);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  boolean isBuiltIn() {
    return equals(BUILT_IN);
  }

  /** The SHA-256 of the bytes, as hexadecimal. */
  static String digest(Bytes bytes) {
    return bytes.read(ModelFiles::digest);
  }

  static String digest(ByteBuffer bytes) {
    MessageDigest digest = ScorerFile.sha256();
    digest.update(bytes.duplicate());
    return HexFormat.of().formatHex(digest.digest());
  }
}
