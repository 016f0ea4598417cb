package org.onset.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.onset.BadInput;
import org.onset.JsonProblem;
import org.onset.Seeds;
import org.onset.decode.Completion;
import org.onset.decode.Decoder;
import org.onset.decode.Generation;
import org.onset.decode.Prompt;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;
import tools.jackson.core.JacksonException;

/**
 * What a model of ours makes of a file of requests, so that another stack can compare: the file is
 * {@code {"texts": [...], "prompts": [[id, ...], ...], "max_new_tokens": n}}, each text is turned
 * into tokens, each prompt continued greedily, all of them together.
 */
public record Answers(List<int[]> tokens, List<int[]> completions) {
  public Answers {
    tokens = List.copyOf(tokens);
    completions = List.copyOf(completions);
  }

  private record Requests(List<String> texts, List<int[]> prompts, int maxNewTokens) {}

  /** Answers the requests in {@code file} with the model in {@code folder}, in float32. */
  public static Answers to(Path file, Path folder) {
    Requests requests = read(file);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      List<int[]> tokens = new ArrayList<>();
      for (String text : requests.texts) {
        tokens.add(tokenizer.encode(text));
      }
      List<int[]> completions =
          requests.prompts.isEmpty() ? List.of() : completions(requests, folder, tokenizer);
      return new Answers(tokens, completions);
    }
  }

  private static List<int[]> completions(Requests requests, Path folder, Tokenizer tokenizer) {
    List<Prompt> prompts =
        IntStream.range(0, requests.prompts.size())
            .mapToObj(i -> new Prompt(Integer.toString(i), requests.prompts.get(i)))
            .toList();
    try (Transformer model = Transformer.load(folder)) {
      return new Generation(model, tokenizer.stopTokens(), OptionalInt.empty())
          .complete(prompts, new Decoder.Greedy(), requests.maxNewTokens, new Seeds(0), 0).stream()
              .map(Completion::tokens)
              .toList();
    }
  }

  private static Requests read(Path file) {
    if (!Files.isReadable(file)) {
      throw new BadInput(file + ": there is no such file");
    }
    try {
      return BenchJson.MAPPER.readValue(file.toFile(), Requests.class);
    } catch (JacksonException e) {
      throw new BadInput("%s: %s".formatted(file, JsonProblem.of(e)));
    }
  }
}
