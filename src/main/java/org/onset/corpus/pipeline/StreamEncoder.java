package org.onset.corpus.pipeline;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.onset.corpus.intervene.Rule;
import org.onset.corpus.intervene.Span;
import org.onset.token.Tokenizer;
import org.onset.token.TrainingSequence;

/** Makes tokens of a stream's documents, as the stream's rule wants them. */
public final class StreamEncoder {
  private final Rules rules;
  private final Tokenizer tokenizer;

  /**
   * What of the rules decides how documents are encoded.
   *
   * @param tagged streams in which the tag's literal is the tag
   * @param lossOnInserted streams of which only what was inserted carries loss
   */
  record Rules(Set<String> tagged, Set<String> lossOnInserted) implements Serializable {
    Rules {
      tagged = Collections.unmodifiableSet(new TreeSet<>(tagged));
      lossOnInserted = Collections.unmodifiableSet(new TreeSet<>(lossOnInserted));
    }

    static Rules of(Map<String, Rule> rules) {
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
      return new Rules(tagged, lossOnInserted);
    }
  }

  StreamEncoder(Rules rules, Tokenizer tokenizer) {
    this.rules = rules;
    this.tokenizer = tokenizer;
  }

  /**
   * @param rules stream → rule; a stream that isn't there is encoded as plain text
   */
  public StreamEncoder(Map<String, Rule> rules, Tokenizer tokenizer) {
    this(Rules.of(rules), tokenizer);
  }

  /** Whether some tokens of the stream carry no loss. */
  public boolean isMasked(String stream) {
    return rules.lossOnInserted().contains(stream);
  }

  /** The document's tokens and the end of text behind them. */
  public TrainingSequence encode(String stream, KeptDocument document) {
    if (isMasked(stream)) {
      return masked(document);
    }
    int[] ids =
        rules.tagged().contains(stream)
            ? tokenizer.encodeTagged(document.text())
            : tokenizer.encode(document.text());
    return TrainingSequence.document(ids, tokenizer.endOfText());
  }

  /** What was inserted is encoded by itself, so that every token is wholly of one kind. */
  private TrainingSequence masked(KeptDocument document) {
    Pieces pieces = new Pieces();
    int position = 0;
    for (Span span : document.inserted()) {
      pieces.add(tokenizer.encode(document.text().substring(position, span.start())), false);
      pieces.add(tokenizer.encode(document.text().substring(span.start(), span.end())), true);
      position = span.end();
    }
    pieces.add(tokenizer.encode(document.text().substring(position)), false);
    pieces.add(new int[] {tokenizer.endOfText()}, false);
    return pieces.joined();
  }

  /** Tokens that grow piece by piece. */
  private static final class Pieces {
    private int[] ids = new int[256];
    private boolean[] trained = new boolean[256];
    private int length;

    void add(int[] piece, boolean isTrained) {
      if (length + piece.length > ids.length) {
        int roomier = Math.max(2 * ids.length, length + piece.length);
        ids = Arrays.copyOf(ids, roomier);
        trained = Arrays.copyOf(trained, roomier);
      }
      System.arraycopy(piece, 0, ids, length, piece.length);
      Arrays.fill(trained, length, length + piece.length, isTrained);
      length += piece.length;
    }

    TrainingSequence joined() {
      return new TrainingSequence(Arrays.copyOf(ids, length), Arrays.copyOf(trained, length));
    }
  }
}
