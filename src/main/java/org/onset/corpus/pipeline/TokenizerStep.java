package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import org.onset.BadInput;
import org.onset.spec.SpecFile;
import org.onset.token.BytePairTrainer;
import org.onset.token.SpecialTokens;
import org.onset.token.Tokenizer;
import org.onset.token.WordCounts;

/** The corpus's tokenizer: the user's own with the tag in it, or one trained on all streams. */
final class TokenizerStep {
  static final String NAME = "tokenizer";
  static final int VERSION = 2;

  private TokenizerStep() {}

  /**
   * @param places names the field that is at fault
   */
  static void run(
      DeclaredCorpus.TokenizerChoice choice,
      SpecFile.Places places,
      Supplier<WordCounts> words,
      Path folder) {
    if (choice.path() != null) {
      try (Tokenizer tokenizer = Tokenizer.open(choice.path())) {
        requireOurTag(tokenizer, places);
        tokenizer.copyTaggedTo(folder);
      }
    } else if (choice.vocabSize() != null) {
      String field = places.of("tokenizer.vocabSize");
      BytePairTrainer.train(words.get(), field, choice.vocabSize(), folder);
    } else {
      throw new IllegalStateException("no tokenizer was chosen");
    }
  }

  /** True, or an exception: looked at before hours go into what it is to encode. */
  static boolean isUsable(DeclaredCorpus corpus) {
    DeclaredCorpus.TokenizerChoice choice = corpus.tokenizer();
    if (choice != null && choice.path() != null) {
      try (Tokenizer tokenizer = Tokenizer.open(choice.path())) {
        requireOurTag(tokenizer, corpus.places());
      }
    }
    return true;
  }

  /** Another literal would be no token where ours stands, and text could forge it. */
  private static void requireOurTag(Tokenizer tokenizer, SpecFile.Places places) {
    tokenizer
        .tag()
        .ifPresent(
            tag -> {
              String literal = tokenizer.decodeWithSpecialTokens(new int[] {tag});
              if (!literal.equals(SpecialTokens.TAG)) {
                throw new BadInput(
                    "%s: its harmfulness tag is \"%s\", a corpus is tagged with \"%s\"; take"
                            .formatted(places.of("tokenizer.path"), literal, SpecialTokens.TAG)
                        + " onset_tag_token out of a copy of its tokenizer_config.json");
              }
            });
  }

  /**
   * The words of a split's streams.
   *
   * @param left streams that are left out: a tagged one would add the tag's words
   */
  static WordCounts words(Path streams, Set<String> left) throws IOException {
    WordCounts words = new WordCounts();
    for (String stream : StreamsStep.streams(streams)) {
      if (!left.contains(stream)) {
        DocumentFile.read(
            StreamsStep.stream(streams, stream),
            _ -> true,
            (_, document) -> words.count(document.text()));
      }
    }
    return words;
  }
}
