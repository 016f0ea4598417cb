package org.onset.token;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.onset.BadInput;
import org.onset.Fingerprint;

/**
 * Turns text into token ids and back, as a Hugging Face {@code tokenizer.json} says. No text
 * becomes a special token: only {@link #encodeTagged} makes the tag, and {@link ChatTemplate} the
 * tokens of a turn. Safe to share between threads until it is closed.
 */
public final class Tokenizer implements AutoCloseable {
  private final Path folder;
  private final TokenizerFiles files;
  private final HuggingFaceTokenizer library;
  private final String fingerprint;
  private final int vocabSize;
  private final BitSet specialIds = new BitSet();

  private Tokenizer(Path folder, TokenizerFiles files, HuggingFaceTokenizer library) {
    this.folder = folder;
    this.files = files;
    this.library = library;
    this.fingerprint = Fingerprint.of(files.json());
    this.vocabSize = 1 + files.ids().values().stream().mapToInt(id -> id).max().orElseThrow();
    files.specialTokens().values().forEach(specialIds::set);
  }

  /**
   * Opens a folder with a {@code tokenizer.json}. Beside it, {@code tokenizer_config.json} names
   * the token that ends a text ({@code eos_token}; without it {@code <|endoftext|>}) and, where
   * there is one, the tag ({@code onset_tag_token}).
   */
  public static Tokenizer open(Path folder) {
    TokenizerFiles files = TokenizerFiles.read(folder);
    Tokenizer tokenizer = new Tokenizer(folder, files, load(folder, files));
    try {
      tokenizer.checkSpecialTokens();
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
    return tokenizer;
  }

  private static HuggingFaceTokenizer load(Path folder, TokenizerFiles files) {
    // Unless told so, the binding reports its use to its makers, and may fetch a library for CUDA.
    System.getProperties().putIfAbsent("OPT_OUT_TRACKING", "true");
    System.getProperties().putIfAbsent("RUST_FLAVOR", "cpu");
    LibUtils.checkStatus();
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(files.json()), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new BadInput(
          "%s: the tokenizers library can't read it: %s"
              .formatted(folder.resolve(TokenizerFiles.TOKENIZER), e.getMessage()));
    }
  }

  /** The library gives added tokens ids by its own rule, whatever the file lists. */
  private void checkSpecialTokens() {
    List<String> problems = new ArrayList<>();
    files
        .specialTokens()
        .forEach(
            (literal, id) -> {
              int[] found = encodeAsIs(literal);
              if (found.length != 1 || found[0] != id) {
                problems.add(
                    "%s: added token \"%s\": listed with id %d, but it becomes %s"
                        .formatted(
                            folder.resolve(TokenizerFiles.TOKENIZER),
                            literal,
                            id,
                            IntStream.of(found).boxed().toList()));
              }
            });
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }

  /** Every id lies below it. */
  public int vocabSize() {
    return vocabSize;
  }

  /** The SHA-256 of {@code tokenizer.json}. */
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * The ids of a text, in which the literal of a special token is text as any other. A surrogate
   * without its other half, which is no character, becomes U+FFFD.
   */
  public int[] encode(String text) {
    return encodePlain(wellFormed(text));
  }

  /** As {@link #encode}, but the tag's literal becomes the tag. */
  public int[] encodeTagged(String text) {
    String tag =
        files
            .tag()
            .orElseThrow(
                () ->
                    new BadInput(
                        "%s: the tokenizer has no harmfulness tag (onset_tag_token), so tagged text"
                                .formatted(folder.resolve(TokenizerFiles.CONFIG))
                            + " can't be encoded; use one that Onset made"));
    int tagId = tag().orElseThrow();
    String wellFormed = wellFormed(text);
    IntStream.Builder tokens = IntStream.builder();
    int start = 0;
    for (int at = wellFormed.indexOf(tag); at >= 0; at = wellFormed.indexOf(tag, start)) {
      IntStream.of(encodePlain(wellFormed.substring(start, at))).forEach(tokens);
      tokens.add(tagId);
      start = at + tag.length();
    }
    IntStream.of(encodePlain(wellFormed.substring(start))).forEach(tokens);
    return tokens.build().toArray();
  }

  /**
   * The library turns special literals into their ids and can't be told not to. Where that happened
   * the text is cut inside each literal, so that no piece holds one, and the pieces are encoded one
   * by one. What a normaliser made out of other characters is found by halving.
   */
  private int[] encodePlain(String text) {
    int[] tokens = encodeAsIs(text);
    if (IntStream.of(tokens).noneMatch(specialIds::get)) {
      return tokens;
    }
    SortedSet<Integer> cuts = cutsInsideLiterals(text);
    if (cuts.isEmpty()) {
      cuts.add(middle(text));
    }
    cuts.add(text.length());
    IntStream.Builder all = IntStream.builder();
    int start = 0;
    for (int cut : cuts) {
      IntStream.of(encodePlain(text.substring(start, cut))).forEach(all);
      start = cut;
    }
    return all.build().toArray();
  }

  private SortedSet<Integer> cutsInsideLiterals(String text) {
    SortedSet<Integer> cuts = new TreeSet<>();
    for (String literal : files.specialTokens().keySet()) {
      int first = Character.charCount(literal.codePointAt(0));
      if (first == literal.length()) {
        continue;
      }
      for (int at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
        cuts.add(at + first);
      }
    }
    return cuts;
  }

  private int middle(String text) {
    int characters = text.codePointCount(0, text.length());
    if (characters < 2) {
      throw new BadInput(
          "%s: the single character \"%s\" is a special token, so no text may hold it"
              .formatted(folder.resolve(TokenizerFiles.TOKENIZER), text));
    }
    return text.offsetByCodePoints(0, characters / 2);
  }

  private int[] encodeAsIs(String text) {
    long[] ids = library.encode(text, false, false).getIds();
    int[] tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = Math.toIntExact(ids[i]);
    }
    return tokens;
  }

  private static String wellFormed(String text) {
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

  /** The text that a reader sees: special tokens, the tag among them, are left out. */
  public String decode(int[] tokens) {
    return decode(tokens, true);
  }

  public String decodeWithSpecialTokens(int[] tokens) {
    return decode(tokens, false);
  }

  private String decode(int[] tokens, boolean leaveSpecialTokensOut) {
    return library.decode(IntStream.of(tokens).asLongStream().toArray(), leaveSpecialTokensOut);
  }

  public int endOfText() {
    return idOf(files.endOfText()).orElseThrow();
  }

  /** The harmfulness tag; other people's tokenizers have none. */
  public OptionalInt tag() {
    return files.tag().map(this::idOf).orElse(OptionalInt.empty());
  }

  /** The id of a vocabulary entry as {@code tokenizer.json} writes it, or of an added token. */
  public OptionalInt idOf(String token) {
    Integer id = files.ids().get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The tokens at which a completion ends: end of text, and end of turn where there is one. */
  public int[] stopTokens() {
    IntStream endOfTurn =
        files.specialTokens().containsKey(SpecialTokens.END_OF_TURN)
            ? idOf(SpecialTokens.END_OF_TURN).stream()
            : IntStream.empty();
    return IntStream.concat(IntStream.of(endOfText()), endOfTurn).distinct().toArray();
  }

  /** Onset's own way to write a dialogue; a tokenizer with another's is refused. */
  public ChatTemplate chatTemplate() {
    List<String> needed =
        List.of(SpecialTokens.USER, SpecialTokens.ASSISTANT, SpecialTokens.END_OF_TURN);
    if (!files.chatTemplate().map(ChatTemplate.JINJA::equals).orElse(false)
        || !files.specialTokens().keySet().containsAll(needed)) {
      throw new BadInput(
          "%s: its chat_template is not Onset's, the only one that is understood; for chat use a"
                  .formatted(folder.resolve(TokenizerFiles.CONFIG))
              + " tokenizer that Onset made");
    }
    return new ChatTemplate(
        this,
        idOf(SpecialTokens.USER).orElseThrow(),
        idOf(SpecialTokens.ASSISTANT).orElseThrow(),
        idOf(SpecialTokens.END_OF_TURN).orElseThrow());
  }

  /** Puts the tokenizer's files into a folder, such as a model's, byte for byte. */
  public void copyTo(Path target) {
    files.writeTo(target);
  }

  @Override
  public void close() {
    library.close();
  }
}
