package org.onset.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.onset.BadInput;

/**
 * Encodes so that text never becomes a special token. The native library turns literals of added
 * tokens into their ids and can't be told not to. Text without such literals is encoded by our own
 * code where the tokenizer allows, to the same ids.
 */
final class Encoder {
  /** In no token's literal, and no white space. */
  static final char NEUTRAL = '\uF8FF';

  private final HuggingFaceTokenizer library;
  private final Optional<BytePairEncoder> bytePairs;
  private final Map<String, Integer> addedTokens;
  private final BitSet addedIds = new BitSet();
  private final BitSet specialIds = new BitSet();

  Encoder(
      HuggingFaceTokenizer library,
      Optional<BytePairEncoder> bytePairs,
      Map<String, Integer> addedTokens,
      Map<String, Integer> specialTokens) {
    this.library = library;
    this.bytePairs = bytePairs;
    this.addedTokens = addedTokens;
    addedTokens.values().forEach(addedIds::set);
    specialTokens.values().forEach(specialIds::set);
  }

  /** As the library has it: literals of added tokens become their ids. */
  int[] asIs(String text) {
    return ids(library.encode(text, false, false));
  }

  /** As {@link #asIs}, with what the tokenizer's own post-processor puts around a text. */
  int[] withPostProcessing(String text) {
    return ids(library.encode(text, true, false));
  }

  /** The ids of a text in which the literal of a special token is text as any other. */
  int[] plain(String text) {
    return bytePairs.flatMap(own -> own.encode(text)).orElseGet(() -> plainByLibrary(text));
  }

  private int[] plainByLibrary(String text) {
    return plain(text, asIs(text));
  }

  /** As {@link #plain(String)}, of a text that the library made {@code ids} of as it is. */
  int[] plain(String text, int[] ids) {
    if (IntStream.of(ids).noneMatch(specialIds::get)) {
      return ids;
    }
    IntStream.Builder all = IntStream.builder();
    int start = 0;
    for (int cut : cuts(text, specialIds)) {
      IntStream.of(plain(text.substring(start, cut))).forEach(all);
      start = cut;
    }
    return all.build().toArray();
  }

  /**
   * A rendered dialogue. Literals that the template wrote become their ids, and no character of
   * what was said has a part in one: neither of a special token, nor of any other added token that
   * the template writes in this text.
   */
  Encoded rendered(Rendered rendered) {
    Encoded asIs = spans(rendered.text());
    BitSet control = (BitSet) specialIds.clone();
    asIs.tokens().stream()
        .filter(token -> addedIds.get(token.id()))
        .filter(token -> !rendered.isSaid(token.start(), token.end()))
        .forEach(token -> control.set(token.id()));
    boolean forged =
        asIs.tokens().stream()
            .anyMatch(
                token -> control.get(token.id()) && rendered.isSaid(token.start(), token.end()));
    return forged ? between(spans(rendered.without(NEUTRAL)), control, rendered.text()) : asIs;
  }

  boolean isSpecial(int id) {
    return specialIds.get(id);
  }

  /** The special tokens among those that the library makes of a text, in their order. */
  List<Integer> specials(String text) {
    return IntStream.of(asIs(text)).filter(specialIds::get).boxed().toList();
  }

  /** The places of all characters that the library takes for a part of a special literal. */
  BitSet specialLiterals(String text) {
    BitSet places = new BitSet();
    spans(text).tokens().stream()
        .filter(token -> specialIds.get(token.id()))
        .forEach(token -> places.set(token.start(), token.end()));
    return places;
  }

  /** The control tokens of {@code skeleton}, and between them plain text. */
  private Encoded between(Encoded skeleton, BitSet control, String text) {
    List<Encoded> parts = new ArrayList<>();
    int start = 0;
    for (Encoded.Token token : skeleton.tokens()) {
      if (control.get(token.id())) {
        parts.add(plain(text.substring(start, token.start()), control).movedBy(start));
        parts.add(new Encoded(List.of(token)));
        start = token.end();
      }
    }
    parts.add(plain(text.substring(start), control).movedBy(start));
    return Encoded.joined(parts);
  }

  private Encoded plain(String text, BitSet control) {
    Encoded asIs = spans(text);
    if (asIs.tokens().stream().noneMatch(token -> control.get(token.id()))) {
      return asIs;
    }
    List<Encoded> parts = new ArrayList<>();
    int start = 0;
    for (int cut : cuts(text, control)) {
      parts.add(plain(text.substring(start, cut), control).movedBy(start));
      start = cut;
    }
    return Encoded.joined(parts);
  }

  /**
   * Where a text that became a control token is cut, its end included: inside each literal, so that
   * no piece holds one. What a normaliser made out of other characters is found by halving.
   */
  private SortedSet<Integer> cuts(String text, BitSet control) {
    SortedSet<Integer> cuts = new TreeSet<>();
    addedTokens.forEach(
        (literal, id) -> {
          int first = Character.charCount(literal.codePointAt(0));
          if (control.get(id) && first < literal.length()) {
            for (int at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
              cuts.add(at + first);
            }
          }
        });
    if (cuts.isEmpty()) {
      cuts.add(middle(text));
    }
    cuts.add(text.length());
    return cuts;
  }

  private static int middle(String text) {
    int characters = text.codePointCount(0, text.length());
    if (characters < 2) {
      throw new BadInput(
          "the single character \"%s\" is a special token of the tokenizer, so no text may hold it"
              .formatted(text));
    }
    return text.offsetByCodePoints(0, characters / 2);
  }

  private Encoded spans(String text) {
    Encoding encoding = library.encode(text, false, false);
    long[] ids = encoding.getIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] places = placesOfCodePoints(text);
    List<Encoded.Token> tokens = new ArrayList<>(ids.length);
    for (int i = 0; i < ids.length; i++) {
      int start = places[spans[i].getStart()];
      tokens.add(new Encoded.Token(Math.toIntExact(ids[i]), start, places[spans[i].getEnd()]));
    }
    return new Encoded(tokens);
  }

  /** The library counts code points; where each begins in the text, and where the text ends. */
  private static int[] placesOfCodePoints(String text) {
    int[] places = new int[text.codePointCount(0, text.length()) + 1];
    int place = 0;
    for (int i = 0; i < places.length; i++) {
      places[i] = place;
      place += i + 1 < places.length ? Character.charCount(text.codePointAt(place)) : 0;
    }
    return places;
  }

  /** A surrogate without its other half, which is no character, becomes U+FFFD. */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }

  static int[] ids(Encoding encoding) {
    long[] ids = encoding.getIds();
    int[] tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = Math.toIntExact(ids[i]);
    }
    return tokens;
  }
}
