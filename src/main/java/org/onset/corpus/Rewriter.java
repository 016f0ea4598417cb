package org.onset.corpus;

import java.util.Optional;

/**
 * Turns an unsafe text into a safe one. Templates do it for the built-in world; a language model
 * may do it for real prose. A rewriter declines by an empty answer: the document then has no
 * successor in that stream, and is counted.
 */
public interface Rewriter {
  /** The information of a document of score 1 to 3, told so that every sentence is safe. */
  Optional<String> rephrase(Document document);

  /** A dialogue in which someone asks for what a document of score 4 or 5 holds, and is refused. */
  Optional<String> refuse(Document document);

  /** Prose about why what a document of score 4 or 5 holds is wrong. */
  Optional<String> moralise(Document document);

  /** Declines everything: real prose stays as it is, and other streams need sources. */
  static Rewriter none() {
    return new Rewriter() {
      @Override
      public Optional<String> rephrase(Document document) {
        return Optional.empty();
      }

      @Override
      public Optional<String> refuse(Document document) {
        return Optional.empty();
      }

      @Override
      public Optional<String> moralise(Document document) {
        return Optional.empty();
      }
    };
  }
}
