package org.onset.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Problems;
import org.onset.decode.Decoder;
import org.onset.decode.DecodingListener;
import org.onset.decode.Generation;
import org.onset.decode.Prompt;
import org.onset.token.ChatTemplate;
import org.onset.token.Message;
import org.onset.token.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "chat",
    description = "Talks with a model: a line is a message. /reset begins anew, /exit ends.",
    mixinStandardHelpOptions = true)
final class ChatCommand implements Callable<Integer> {
  @Mixin private ModelArguments arguments = new ModelArguments();

  @Mixin private DecoderOptions decoding = new DecoderOptions();

  @Option(
      names = "--max-tokens",
      defaultValue = "512",
      description = "New tokens an answer at most (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Override
  public Integer call() throws IOException {
    List<String> problems = new ArrayList<>();
    Decoder decoder = decoding.chosen(problems);
    Problems found = new Problems();
    found.positive("--max-tokens", maxTokens);
    found.found().forEach(problem -> problems.add(problem.field() + ": " + problem.message()));
    try (OpenModel model = OpenModel.open(arguments, problems)) {
      if (!problems.isEmpty()) {
        throw new BadInput(problems);
      }
      model.warnWithoutTag(decoder);
      new Conversation(model, decoder).hold();
    }
    return 0;
  }

  /** What was said so far. Whoever types sees a prompt and may go on after an error. */
  private final class Conversation {
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final Generation generation;
    private final Decoder decoder;
    private final List<Message> messages = new ArrayList<>();
    private int answers;

    Conversation(OpenModel model, Decoder decoder) {
      this.tokenizer = model.tokenizer;
      this.template = model.tokenizer.chatTemplate();
      this.generation = model.generation();
      this.decoder = decoder;
    }

    void hold() throws IOException {
      boolean typed = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
      var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = next(lines, typed); line != null; line = next(lines, typed)) {
        switch (line.strip()) {
          case "" -> {}
          case "/exit" -> {
            return;
          }
          case "/reset" -> messages.clear();
          default -> answer(line, typed);
        }
      }
    }

    private @Nullable String next(BufferedReader lines, boolean typed) throws IOException {
      if (typed) {
        System.err.print("> ");
      }
      return lines.readLine();
    }

    private void answer(String line, boolean typed) {
      messages.add(Message.user(line));
      try {
        var prompt = new Prompt("answer " + answers++, template.prompt(messages));
        Stream stream = new Stream();
        int[] tokens =
            generation
                .complete(List.of(prompt), decoder, maxTokens, decoding.seeds(), 0, stream)
                .getFirst()
                .tokens();
        messages.add(Message.assistant(stream.finish(tokens)));
      } catch (BadInput e) {
        messages.removeLast();
        if (!typed) {
          throw e;
        }
        System.err.println(String.join("\n", e.problems()) + "\n/reset begins anew");
      }
    }

    /** Prints an answer as it comes about; beam searches decide late, so theirs comes whole. */
    private final class Stream implements DecodingListener {
      private int[] tokens = {};
      private int shown;

      @Override
      public void chosen(Prompt prompt, int token) {
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
        String text = tokenizer.decode(tokens);
        if (!text.endsWith("\uFFFD")) { // the first bytes of a character, perhaps
          show(text);
        }
      }

      /** Shows the rest; returns the whole answer. */
      String finish(int[] all) {
        String text = tokenizer.decode(all);
        show(text);
        System.out.println();
        return text;
      }

      private void show(String text) {
        if (text.length() > shown) {
          System.out.print(text.substring(shown));
          System.out.flush();
          shown = text.length();
        }
      }
    }
  }
}
