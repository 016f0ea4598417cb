package org.onset.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tokenizer as {@link Tokenizer} reads it, of which every text is encoded by Hugging Face's
 * library: what our own code is compared with.
 */
public final class LibraryTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer library;
  private final Encoder encoder;

  private LibraryTokenizer(HuggingFaceTokenizer library, Encoder encoder) {
    this.library = library;
    this.encoder = encoder;
  }

  public static LibraryTokenizer open(Path folder) {
    TokenizerFiles files = TokenizerFiles.read(folder);
    HuggingFaceTokenizer library =
        NativeTokenizer.load(
            files.forLibrary().getBytes(StandardCharsets.UTF_8),
            folder.resolve(TokenizerFiles.TOKENIZER).toString());
    return new LibraryTokenizer(
        library,
        new Encoder(library, Optional.empty(), files.addedTokens(), files.specialTokens()));
  }

  /** The ids of texts, which the library encodes together, on all processors. */
  public List<int[]> encode(List<String> texts) {
    List<String> wellFormed = texts.stream().map(Encoder::wellFormed).toList();
    Encoding[] encodings = library.batchEncode(wellFormed, false, false);
    List<int[]> ids = new ArrayList<>(encodings.length);
    for (int i = 0; i < encodings.length; i++) {
      ids.add(encoder.plain(wellFormed.get(i), Encoder.ids(encodings[i])));
    }
    return ids;
  }

  @Override
  public void close() {
    library.close();
  }
}
