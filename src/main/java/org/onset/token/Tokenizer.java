package org.onset.token;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
  private final Encoder encoder;
  private final String fingerprint;
  private final int vocabSize;
  private final Clock clock;
  private @Nullable ChatTemplate chatTemplate;

  private Tokenizer(Path folder, TokenizerFiles files, HuggingFaceTokenizer library, Clock clock) {
    this.folder = folder;
    this.clock = clock;
    this.files = files;
    this.library = library;
    this.encoder =
        new Encoder(library, files.bytePairs(), files.addedTokens(), files.specialTokens());
    this.fingerprint = Fingerprint.of(files.json());
    this.vocabSize = 1 + files.ids().values().stream().mapToInt(id -> id).max().orElseThrow();
  }

  /**
   * Opens a folder with a {@code tokenizer.json}, Onset's or anyone's. Beside it, {@code
   * tokenizer_config.json} names the token that ends a text ({@code eos_token}; without it {@code
   * <|endoftext|>}, or the model's {@code eos_token_id}), the chat template, which may have a file
   * of its own, and, where there is one, the tag ({@code onset_tag_token}).
   */
  public static Tokenizer open(Path folder) {
    return open(folder, Clock.system(ZoneId.systemDefault()));
  }

  /** As {@link #open(Path)}; {@code clock} tells chat templates what day it is. */
  public static Tokenizer open(Path folder, Clock clock) {
    TokenizerFiles files = TokenizerFiles.read(folder);
    HuggingFaceTokenizer library =
        NativeTokenizer.load(
            files.forLibrary().getBytes(StandardCharsets.UTF_8),
            folder.resolve(TokenizerFiles.TOKENIZER).toString());
    Tokenizer tokenizer = new Tokenizer(folder, files, library, clock);
    try {
      tokenizer.checkSpecialTokens();
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
    return tokenizer;
  }

  /** The library gives added tokens ids by its own rule, whatever the file lists. */
  private void checkSpecialTokens() {
    List<String> problems = new ArrayList<>();
    files
        .specialTokens()
        .forEach(
            (literal, id) -> {
              int[] found = encoder.asIs(literal);
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

  /**
   * Tells apart what {@link #copyTo} would copy of a folder, without opening it, which takes the
   * better part of a second.
   */
  public static String contentFingerprint(Path folder) {
    return TokenizerFiles.contentFingerprint(folder);
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
    return encoder.plain(Encoder.wellFormed(text));
  }

  /** As {@link #encode}, behind the token that begins every text where the tokenizer has one. */
  public int[] encodeFromBeginning(String text) {
    return IntStream.concat(beginningOfText().stream(), IntStream.of(encode(text))).toArray();
  }

  /** As {@link #encode}, but the tag's literal becomes the tag. */
  public int[] encodeTagged(String text) {
    String tag =
        files
            .config()
            .tag()
            .orElseThrow(
                () ->
                    new BadInput(
                        "%s: the tokenizer has no harmfulness tag (onset_tag_token), so tagged text"
                                .formatted(folder.resolve(TokenizerConfig.FILE))
                            + " can't be encoded; use one that Onset made"));
    int tagId = tag().orElseThrow();
    String wellFormed = Encoder.wellFormed(text);
    IntStream.Builder tokens = IntStream.builder();
    int start = 0;
    for (int at = wellFormed.indexOf(tag); at >= 0; at = wellFormed.indexOf(tag, start)) {
      IntStream.of(encoder.plain(wellFormed.substring(start, at))).forEach(tokens);
      tokens.add(tagId);
      start = at + tag.length();
    }
    IntStream.of(encoder.plain(wellFormed.substring(start))).forEach(tokens);
    return tokens.build().toArray();
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
    return files.endOfText();
  }

  /** The harmfulness tag; other people's tokenizers have none. */
  public OptionalInt tag() {
    return files.config().tag().map(this::idOf).orElse(OptionalInt.empty());
  }

  /** The id of a vocabulary entry as {@code tokenizer.json} writes it, or of an added token. */
  public OptionalInt idOf(String token) {
    Integer id = files.ids().get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * The tokens at which a completion ends: end of text as any file of the folder names it, the
   * model's own among them, and the end of the assistant's turn where there is a chat template.
   */
  public int[] stopTokens() {
    return IntStream.concat(
            IntStream.concat(IntStream.of(endOfText()), endOfTurn().stream()),
            files.config().modelEnds().stream().mapToInt(Integer::intValue))
        .distinct()
        .toArray();
  }

  /** A template that can't be used is no reason why a model should not continue a text. */
  private OptionalInt endOfTurn() {
    if (files.config().chatTemplate().isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return chatTemplate().endOfTurn();
    } catch (BadInput e) {
      return OptionalInt.empty();
    }
  }

  /**
   * How the model was trained to read dialogues.
   *
   * @throws BadInput where the folder says nothing of that
   */
  public synchronized ChatTemplate chatTemplate() {
    ChatTemplate known = chatTemplate;
    if (known == null) {
      known = readChatTemplate();
      chatTemplate = known;
    }
    return known;
  }

  private ChatTemplate readChatTemplate() {
    TokenizerConfig.Template template =
        files
            .config()
            .chatTemplate()
            .orElseThrow(
                () ->
                    new BadInput(
                        "%s: the model has no chat template (chat_template there, or the file %s"
                                .formatted(
                                    folder.resolve(TokenizerConfig.FILE),
                                    TokenizerConfig.TEMPLATE_FILE)
                            + " beside it), so it can only continue a text"));
    List<String> ownTokens =
        List.of(SpecialTokens.USER, SpecialTokens.ASSISTANT, SpecialTokens.END_OF_TURN);
    if (template.source().equals(OwnTemplate.JINJA)
        && files.specialTokens().keySet().containsAll(ownTokens)) {
      return new OwnTemplate(
          this,
          idOf(SpecialTokens.USER).orElseThrow(),
          idOf(SpecialTokens.ASSISTANT).orElseThrow(),
          idOf(SpecialTokens.END_OF_TURN).orElseThrow());
    }
    return new JinjaTemplate(template, files.config().tokens(), encoder, beginningOfText(), clock);
  }

  /**
   * The token that the tokenizer puts before every text, where it does: as its configuration says,
   * or else its own post-processor.
   */
  private OptionalInt beginningOfText() {
    if (files.config().beginsTexts().isPresent()) {
      String literal = files.config().tokens().getOrDefault(TokenizerConfig.BEGINNING, "");
      return files.config().beginsTexts().get() ? idOf(literal) : OptionalInt.empty();
    }
    return IntStream.of(encoder.withPostProcessing("a"))
        .limit(1)
        .filter(encoder::isSpecial)
        .findFirst();
  }

  /** Puts the tokenizer's files into a folder, such as a model's, byte for byte. */
  public void copyTo(Path target) {
    files.writeTo(target);
  }

  /**
   * Puts the tokenizer's files into a folder; where it has no harmfulness tag, the copy gets one,
   * with an id of its own behind all others.
   */
  public void copyTaggedTo(Path target) {
    files.writeTaggedTo(target);
  }

  @Override
  public void close() {
    library.close();
  }
}
