package org.onset.token;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.onset.BadInput;

/**
 * Reads texts for a model that represents them, such as a sentence-embedding model, as its {@code
 * tokenizer.json} says. What the tokenizer puts around every text is known apart from the text, so
 * that a long one can be cut into chunks that each look whole. The literal of a special token in a
 * text becomes that token: unlike for a model that writes, nothing can be forged by it. Safe to
 * share between threads until it is closed.
 */
public final class SentenceTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer library;
  private final long[] before;
  private final long[] after;

  private SentenceTokenizer(HuggingFaceTokenizer library, long[] before, long[] after) {
    this.library = library;
    this.before = before;
    this.after = after;
  }

  /**
   * Opens a tokenizer.
   *
   * @param json the content of a {@code tokenizer.json}
   * @param name what to call it in a complaint
   */
  public static SentenceTokenizer of(byte[] json, String name) {
    HuggingFaceTokenizer library = NativeTokenizer.load(json, name);
    try {
      long[] bare = library.encode("a", false, false).getIds();
      long[] whole = library.encode("a", true, false).getIds();
      for (int at = 0; at + bare.length <= whole.length && bare.length > 0; at++) {
        int end = at + bare.length;
        if (Arrays.equals(whole, at, end, bare, 0, bare.length)) {
          return new SentenceTokenizer(
              library, Arrays.copyOf(whole, at), Arrays.copyOfRange(whole, end, whole.length));
        }
      }
      throw new BadInput(
          "%s: the letter a has the ids %s by itself and %s with what goes around a text; expected the first within the second"
              .formatted(name, Arrays.toString(bare), Arrays.toString(whole)));
    } catch (RuntimeException e) {
      library.close();
      throw e;
    }
  }

  /** The ids of the text alone. A surrogate without its other half becomes U+FFFD. */
  public long[] encode(String text) {
    return library.encode(Encoder.wellFormed(text), false, false).getIds();
  }

  /** The ids of a text, {@code tokens} from {@code from} to {@code to}, as a model takes them. */
  public long[] surrounded(long[] tokens, int from, int to) {
    return LongStream.concat(
            LongStream.concat(LongStream.of(before), Arrays.stream(tokens, from, to)),
            LongStream.of(after))
        .toArray();
  }

  /** How many ids go around every text, such as {@code [CLS]} before and {@code [SEP]} behind. */
  public int around() {
    return before.length + after.length;
  }

  @Override
  public void close() {
    library.close();
  }
}
