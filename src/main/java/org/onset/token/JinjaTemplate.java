package org.onset.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;

/**
 * Anybody's chat template. The ids are those that {@code apply_chat_template} of {@code
 * transformers} gives, with two exceptions: where what is said holds literals of special tokens,
 * which stay text here, and where the tokenizer begins every text with a token that the template
 * doesn't write, which then stands first.
 *
 * <p>What was said is told from the template's own text by rendering twice, as it is and in a
 * {@link PrivateAlphabet}. Where the two agree, every character is known to be the one or the
 * other; for templates that trim, white space is left as it is. They differ where a template looks
 * into what is said, as Qwen3's does for reasoning to cut off. Then literals of special tokens are
 * made unrecognisable before rendering, and the template must write the same special tokens as it
 * did around the private characters.
 */
final class JinjaTemplate implements ChatTemplate {
  private final Path file;
  private final String source;
  private final Jinja template;
  private final Map<String, String> namedTokens;
  private final Encoder encoder;
  private final OptionalInt beginning;
  private final Clock clock;

  /**
   * @param namedTokens {@code bos_token} and the like, to their literals
   * @param beginning the token with which the tokenizer begins every text
   */
  JinjaTemplate(
      TokenizerConfig.Template source,
      Map<String, String> namedTokens,
      Encoder encoder,
      OptionalInt beginning,
      Clock clock) {
    this.file = source.file();
    this.source = source.source();
    this.namedTokens = namedTokens;
    this.encoder = encoder;
    this.beginning = beginning;
    this.clock = clock;
    try {
      this.template = Jinja.parse(source.source());
    } catch (Jinja.Failure e) {
      throw new BadInput("%s: the chat template can't be read: %s".formatted(file, e.getMessage()));
    }
  }

  @Override
  public int[] prompt(List<Message> messages) {
    return begun(encoder.rendered(new Rendering(messages, true).told())).ids();
  }

  @Override
  public TrainingSequence dialogue(List<Message> messages) {
    Rendered rendered =
        new Rendering(messages, false)
            .exact()
            .orElseThrow(
                () ->
                    new BadInput(
                        file
                            + ": the chat template rewrites what is said in this dialogue, so which"
                            + " tokens are the assistant's can't be told; leave out what it reacts"
                            + " to, such as marks of reasoning or of tools"));
    Encoded encoded = begun(encoder.rendered(rendered));
    return new TrainingSequence(encoded.ids(), trained(encoded.tokens(), rendered));
  }

  /** Answers, and behind each the special token that ends it, with white space before that. */
  private boolean[] trained(List<Encoded.Token> tokens, Rendered rendered) {
    boolean[] trained = new boolean[tokens.size()];
    OptionalInt ended = OptionalInt.empty(); // behind the last token of an answer, but for space
    int before = 0;
    for (int i = 0; i < trained.length; i++) {
      Encoded.Token token = tokens.get(i);
      int start = Math.min(before, token.start()); // tokenizers may leave space out of a token
      before = token.end();
      boolean answered = rendered.isAnswered(start, token.end());
      if (answered || encoder.isSpecial(token.id())) {
        Arrays.fill(trained, ended.orElse(i), i, true);
        trained[i] = answered || ended.isPresent();
        ended = answered ? OptionalInt.of(i + 1) : OptionalInt.empty();
      } else if (!rendered.text().substring(start, token.end()).isBlank()) {
        ended = OptionalInt.empty();
      }
    }
    return trained;
  }

  @Override
  public OptionalInt endOfTurn() {
    TrainingSequence dialogue = dialogue("a", "b");
    return IntStream.range(0, dialogue.tokens().length)
        .filter(i -> dialogue.trained()[i])
        .map(i -> dialogue.tokens()[i])
        .filter(encoder::isSpecial)
        .findFirst();
  }

  /** Behind the token that begins every text, where there is one and the template wrote none. */
  private Encoded begun(Encoded encoded) {
    List<Encoded.Token> tokens = encoded.tokens();
    if (beginning.isEmpty()
        || (!tokens.isEmpty() && tokens.getFirst().id() == beginning.getAsInt())) {
      return encoded;
    }
    var first = new Encoded(List.of(new Encoded.Token(beginning.getAsInt(), 0, 0)));
    return Encoded.joined(List.of(first, encoded));
  }

  /** One list of messages, at one moment, in the ways that it is rendered. */
  private final class Rendering {
    private final List<Message> messages;
    private final boolean asking;
    private final LocalDateTime now = LocalDateTime.now(clock);
    private final String asIs;

    Rendering(List<Message> given, boolean asking) {
      this.messages =
          given.stream()
              .map(message -> new Message(message.role(), Encoder.wellFormed(message.content())))
              .toList();
      this.asking = asking;
      this.asIs = text(messages);
    }

    /** Where each character is known to be the template's or to have been said. */
    Optional<Rendered> exact() {
      return privately(JinjaTemplate::all)
          .filter(this::isTrue)
          .or(() -> privately(JinjaTemplate::visible).filter(this::isTrue));
    }

    private boolean isTrue(Rendered rendered) {
      return rendered.text().equals(asIs);
    }

    /** As much of that as is needed for no character that was said to make a special token. */
    Rendered told() {
      return exact()
          .or(this::neutralised)
          .orElseThrow(
              () ->
                  new BadInput(
                      file
                          + ": the chat template may make special tokens out of what is said, so"
                          + " these messages can't be told from turns; leave out what it reacts to,"
                          + " such as marks of reasoning or of tools"));
    }

    private Optional<Rendered> neutralised() {
      Optional<List<Integer>> own = privately(JinjaTemplate::visible).map(this::specials);
      return privately(encoder::specialLiterals)
          .filter(rendered -> own.equals(Optional.of(specials(rendered))));
    }

    private List<Integer> specials(Rendered rendered) {
      return encoder.specials(rendered.without(Encoder.NEUTRAL));
    }

    /**
     * Rendered with the characters at the places chosen, of each content, in a private alphabet.
     */
    private Optional<Rendered> privately(Function<String, BitSet> chosen) {
      PrivateAlphabet alphabet = new PrivateAlphabet(source);
      List<Message> written = new ArrayList<>();
      try {
        for (Message message : messages) {
          written.add(alphabet.write(message, chosen.apply(message.content())));
        }
        return Optional.of(alphabet.read(text(written)));
      } catch (PrivateAlphabet.Exhausted | BadInput e) {
        return Optional.empty(); // the template took the messages as they are, but not these
      }
    }

    private String text(List<Message> messages) {
      Map<String, @Nullable Object> variables = new LinkedHashMap<>(namedTokens);
      variables.put(
          "messages",
          messages.stream()
              .map(message -> Map.of("role", message.role().word(), "content", message.content()))
              .toList());
      variables.put("tools", null);
      variables.put("documents", null);
      variables.put("add_generation_prompt", asking);
      try {
        return template.render(variables, now);
      } catch (Jinja.Failure e) {
        throw new BadInput(
            "%s: the chat template %s: %s"
                .formatted(file, e.raised ? "refuses these messages" : "failed", e.getMessage()));
      }
    }
  }

  private static BitSet all(String content) {
    BitSet places = new BitSet();
    places.set(0, content.length());
    return places;
  }

  /** White space stays, for templates trim it. */
  private static BitSet visible(String content) {
    BitSet places = new BitSet();
    IntStream.range(0, content.length())
        .filter(i -> !Rendered.isSpace(content.charAt(i)))
        .forEach(places::set);
    return places;
  }
}
