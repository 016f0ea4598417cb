package org.onset.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Encodes text with a byte-level BPE vocabulary, giving exactly the ids of the native library and
 * many times as fast: words are cut by hand-written code ({@link WordPattern}), and the ids of
 * words seen lately are remembered. Safe to share between threads.
 */
final class BytePairEncoder {
  /** Words longer than this, in bytes, seldom come again. */
  private static final int LONGEST_REMEMBERED = 64;

  /** After so many words, or so many ids, all are forgotten: about 4 MB a thread. */
  private static final int MOST_REMEMBERED = 1 << 16;

  private static final int MOST_REMEMBERED_IDS = 4 * MOST_REMEMBERED;

  /** Room for more ids is given back after the text. */
  private static final int KEPT_IDS = 1 << 20;

  private final WordPattern pattern;
  private final boolean composesCharacters;

  /** Literals that are left to the library. */
  private final Literals addedTokens;

  /** Added tokens that any text may hold, such as runs of spaces; they go before all words. */
  private final Map<String, Integer> spelled;

  private final Literals spelledLiterals;
  private final int[] idsOfBytes;
  private final MergeTable merges;

  /** Words, in the alphabet of bytes, that are tokens whatever the merges say; mostly none. */
  private final Map<String, Integer> wholeWords;

  /** As many as there ever were threads at once; the last used is the next, its memory warm. */
  private final ConcurrentLinkedDeque<Worker> idle = new ConcurrentLinkedDeque<>();

  private BytePairEncoder(
      WordPattern pattern,
      boolean composesCharacters,
      Literals addedTokens,
      Map<String, Integer> spelled,
      int[] idsOfBytes,
      MergeTable merges,
      Map<String, Integer> wholeWords) {
    this.pattern = pattern;
    this.composesCharacters = composesCharacters;
    this.addedTokens = addedTokens;
    this.spelled = spelled;
    this.spelledLiterals = new Literals(spelled.keySet());
    this.idsOfBytes = idsOfBytes;
    this.merges = merges;
    this.wholeWords = wholeWords;
  }

  /**
   * The encoder of a {@code tokenizer.json}; none where it is of another kind, or cuts words in a
   * way that isn't known here.
   */
  static Optional<BytePairEncoder> of(JsonNode tokenizer) {
    JsonNode model = tokenizer.path("model");
    Optional<WordPattern> pattern = WordPattern.of(tokenizer.path("pre_tokenizer"));
    JsonNode normalizer = tokenizer.path("normalizer");
    boolean composes = normalizer.path("type").asString("").equals("NFC");
    // The tokens for what is no byte (unk_token, byte_fallback) are never used, as all bytes exist.
    boolean isPlain =
        model.path("type").asString("").equals("BPE")
            && (composes || normalizer.isNull() || normalizer.isMissingNode())
            && model.path("dropout").asDouble(0) == 0
            && model.path("continuing_subword_prefix").asString("").isEmpty()
            && model.path("end_of_word_suffix").asString("").isEmpty()
            && literals(tokenizer).allMatch(literal -> isUsual(literal, composes));
    if (pattern.isEmpty() || !isPlain) {
      return Optional.empty();
    }
    Map<String, Integer> vocabulary = new HashMap<>();
    model
        .path("vocab")
        .properties()
        .forEach(entry -> vocabulary.put(entry.getKey(), entry.getValue().asInt()));
    Optional<int[]> idsOfBytes = idsOfBytes(vocabulary);
    Optional<MergeTable> merges = merges(model.path("merges"), vocabulary);
    if (idsOfBytes.isEmpty() || merges.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Integer> spelled = spelled(tokenizer.path("added_tokens"), vocabulary);
    boolean ignoresMerges = model.path("ignore_merges").asBoolean(false);
    return Optional.of(
        new BytePairEncoder(
            pattern.get(),
            composes,
            new Literals(
                literals(tokenizer).filter(literal -> !spelled.containsKey(literal)).toList()),
            spelled,
            idsOfBytes.get(),
            merges.get(),
            ignoresMerges ? vocabulary : Map.of()));
  }

  private static Stream<String> literals(JsonNode tokenizer) {
    return tokenizer.path("added_tokens").valueStream().map(BytePairEncoder::literal);
  }

  private static String literal(JsonNode addedToken) {
    return addedToken.path("content").asString("");
  }

  /**
   * Those that are found in the text as the normalizer leaves it, after all others, and take no
   * notice of what stands around them.
   */
  private static Map<String, Integer> spelled(
      JsonNode addedTokens, Map<String, Integer> vocabulary) {
    Map<String, Integer> spelled = new HashMap<>();
    for (JsonNode token : addedTokens) {
      Integer id = vocabulary.get(literal(token));
      boolean isPlain =
          token.path("normalized").asBoolean(false)
              && Stream.of("special", "single_word", "lstrip", "rstrip")
                  .noneMatch(flag -> token.path(flag).asBoolean(false));
      if (isPlain && id != null && id == token.path("id").asInt(-1)) {
        spelled.put(literal(token), id);
      }
    }
    return spelled;
  }

  /** Its composed form might be another's beginning otherwise. */
  private static boolean isUsual(String literal, boolean composes) {
    return !literal.isEmpty()
        && (!composes || ComposedText.of(literal).filter(literal::equals).isPresent());
  }

  private static Optional<int[]> idsOfBytes(Map<String, Integer> vocabulary) {
    int[] ids = new int[256];
    for (int value = 0; value < ids.length; value++) {
      Integer id = vocabulary.get(ByteAlphabet.character((byte) value));
      boolean occurs = value != 0xC0 && value != 0xC1 && value < 0xF5; // in UTF-8
      if (id == null && occurs) {
        return Optional.empty();
      }
      ids[value] = id == null ? 0 : id;
    }
    return Optional.of(ids);
  }

  private static Optional<MergeTable> merges(JsonNode rules, Map<String, Integer> vocabulary) {
    int[] lefts = new int[rules.size()];
    int[] rights = new int[rules.size()];
    int[] merged = new int[rules.size()];
    for (int rank = 0; rank < lefts.length; rank++) {
      JsonNode rule = rules.path(rank);
      String[] pair =
          rule.isArray()
              ? new String[] {rule.path(0).asString(""), rule.path(1).asString("")}
              : rule.asString("").split(" ", -1);
      Integer left = vocabulary.get(pair[0]);
      Integer right = pair.length == 2 ? vocabulary.get(pair[1]) : null;
      Integer made = pair.length == 2 ? vocabulary.get(pair[0] + pair[1]) : null;
      if (left == null || right == null || made == null) {
        return Optional.empty();
      }
      lefts[rank] = left;
      rights[rank] = right;
      merged[rank] = made;
    }
    return Optional.of(new MergeTable(lefts, rights, merged));
  }

  /**
   * The ids of a well-formed text; none where it holds a literal that only the library may read, or
   * characters that it might compose otherwise.
   */
  Optional<int[]> encode(String text) {
    if (addedTokens.isIn(text)) {
      return Optional.empty();
    }
    if (composesCharacters) {
      return ComposedText.of(text)
          .filter(composed -> composed.equals(text) || !addedTokens.isIn(composed))
          .map(this::ids);
    }
    return Optional.of(ids(text));
  }

  private int[] ids(String text) {
    Worker free = idle.poll();
    Worker worker = free == null ? new Worker() : free;
    int start = 0;
    for (Literals.Place place : spelledLiterals.places(text)) {
      worker.add(text.substring(start, place.start()));
      worker.add(Objects.requireNonNull(spelled.get(place.literal())));
      start = place.end();
    }
    worker.add(text.substring(start));
    int[] ids = worker.takeIds();
    idle.push(worker);
    return ids;
  }

  /** What one thread needs. */
  private final class Worker {
    private final WordMerging merging = new WordMerging(merges);
    private final WordTable remembered = new WordTable();

    /** The ids of all words remembered, and where those of each begin. */
    private int[] rememberedIds = new int[1 << 10];

    private int[] firstIds = new int[1 << 9];

    private int[] ids = new int[1 << 10];
    private int size;

    /** Adds the ids of a text, at whose end the expression sees an end. */
    void add(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      for (int start = 0; start < bytes.length; ) {
        int end = pattern.wordEnd(bytes, start, bytes.length);
        addWord(bytes, start, end);
        start = end;
      }
    }

    void add(int id) {
      makeRoom(1);
      ids[size++] = id;
    }

    /** All ids added since the last time. */
    int[] takeIds() {
      int[] taken = Arrays.copyOf(ids, size);
      size = 0;
      if (ids.length > KEPT_IDS) {
        ids = new int[1 << 10];
      }
      return taken;
    }

    private void makeRoom(int count) {
      if (size + count > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + count));
      }
    }

    private void addWord(byte[] text, int start, int end) {
      makeRoom(end - start);
      if (end - start > LONGEST_REMEMBERED) {
        mergeWord(text, start, end);
        return;
      }
      int hash = WordTable.hash(text, start, end);
      int word = remembered.find(text, start, end, hash);
      if (word >= 0) {
        int first = firstIds[word];
        int last = firstIds[word + 1];
        for (int i = first; i < last; i++) {
          ids[size++] = rememberedIds[i];
        }
        return;
      }
      int first = size;
      mergeWord(text, start, end);
      remember(text, start, end, hash, first);
    }

    private void mergeWord(byte[] text, int start, int end) {
      if (!wholeWords.isEmpty()) {
        Integer whole = wholeWords.get(ByteAlphabet.characters(text, start, end));
        if (whole != null) {
          ids[size++] = whole;
          return;
        }
      }
      for (int i = start; i < end; i++) {
        ids[size + i - start] = idsOfBytes[text[i] & 0xFF];
      }
      size = merging.merge(ids, size, size + end - start);
    }

    private void remember(byte[] text, int start, int end, int hash, int first) {
      int count = size - first;
      if (remembered.size() == MOST_REMEMBERED
          || firstIds[remembered.size()] + count > MOST_REMEMBERED_IDS) {
        remembered.clear();
      }
      int word = remembered.add(text, start, end, hash);
      int from = firstIds[word];
      if (word + 2 > firstIds.length) {
        firstIds = Arrays.copyOf(firstIds, 2 * firstIds.length);
      }
      if (from + count > rememberedIds.length) {
        rememberedIds = Arrays.copyOf(rememberedIds, 2 * rememberedIds.length);
      }
      System.arraycopy(ids, first, rememberedIds, from, count);
      firstIds[word + 1] = from + count;
    }
  }
}
