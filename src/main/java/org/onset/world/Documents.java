package org.onset.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.onset.BadInput;
import org.onset.Seeds;
import org.onset.corpus.Document;

/**
 * Documents of a wanted size, all of different text. Which safe texts are held out is a matter of
 * the text alone, so that no held-out document is ever trained on, whatever sizes were asked for.
 */
final class Documents {
  private static final int HELD_OUT_EVERY = 32;
  private static final int MOST_TRIES = 5_000;

  private final WorldSpec spec;
  private final Entities entities;

  Documents(WorldSpec spec, Entities entities) {
    this.spec = spec;
    this.entities = entities;
  }

  List<Document> safe(long tokens) {
    return safe("safe", tokens, text -> !isHeldOut(text));
  }

  List<Document> heldOut(long tokens) {
    return safe("held-out", tokens, Documents::isHeldOut);
  }

  private List<Document> safe(String name, long tokens, Predicate<String> wanted) {
    Draw draw = draw("documents/" + name);
    SafeTexts texts = new SafeTexts(entities, draw);
    Budget<SafeTexts.Kind> budget = new Budget<>(SafeTexts.Kind.class, kind -> kind.share, tokens);
    Set<String> seen = new HashSet<>();
    List<Document> documents = new ArrayList<>();
    while (!budget.isSpent()) {
      SafeTexts.Kind kind = budget.next(draw);
      String text =
          firstNew(texts.texts(kind), given -> wanted.test(given) && seen.add(given), name);
      budget.spend(kind, tokensOf(text));
      documents.add(
          new Document(
              id(name, documents.size()), text, kind.source, OptionalInt.of(0), Optional.empty()));
    }
    return documents;
  }

  /** Scores 1 to 5, named by {@code name}: another name, other documents. */
  List<Document> unsafe(String name, List<Hazard> hazards, long tokens) {
    Draw draw = draw("documents/" + name);
    UnsafeTexts texts = new UnsafeTexts(hazards, draw);
    Budget<UnsafeTexts.Kind> budget =
        new Budget<>(UnsafeTexts.Kind.class, kind -> kind.share, tokens);
    Set<String> seen = new HashSet<>();
    List<Document> documents = new ArrayList<>();
    while (!budget.isSpent()) {
      UnsafeTexts.Kind kind = budget.next(draw);
      UnsafeTexts.Unsafe unsafe =
          firstNew(texts.texts(kind), given -> seen.add(given.text()), name);
      budget.spend(kind, tokensOf(unsafe.text()));
      documents.add(
          new Document(
              id(name, documents.size()),
              unsafe.text(),
              kind.source,
              OptionalInt.of(unsafe.score()),
              Optional.of(unsafe.category().label())));
    }
    return documents;
  }

  /** Words and punctuation marks, and the end of the text. */
  static int tokensOf(String text) {
    int tokens = 2;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == ' ') {
        tokens++;
      }
    }
    return tokens;
  }

  static boolean isHeldOut(String text) {
    int mixed = text.hashCode() * 0x9E3779B9; // the low bits of a string's hash hang on its end
    return (mixed >>> 16) % HELD_OUT_EVERY == 0;
  }

  private static <T> T firstNew(Supplier<T> texts, Predicate<T> wanted, String name) {
    for (int i = 0; i < MOST_TRIES; i++) {
      T text = texts.get();
      if (wanted.test(text)) {
        return text;
      }
    }
    throw new BadInput(
        "the built-in world has no more different texts for its %s documents; ask for fewer tokens"
            .formatted(name));
  }

  private Draw draw(String purpose) {
    return new Draw(new Seeds(spec.seed()).generator("world/" + purpose), spec.imbalance());
  }

  private static String id(String name, int number) {
    return String.format(Locale.ROOT, "%s-%06d", name, number);
  }
}
