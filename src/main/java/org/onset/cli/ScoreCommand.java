package org.onset.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onset.model.Transformer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "score",
    description = "Prints the natural-log probability of each token given those before it.",
    mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
  @Mixin private ModelArguments arguments = new ModelArguments();

  @ArgGroup(multiplicity = "1")
  private Scored scored = new Scored();

  private static final class Scored {
    @Option(names = "--tokens", paramLabel = "IDS", description = "Token ids, as in \"1 2 3\".")
    private @Nullable String tokens;

    @Option(
        names = "--text",
        paramLabel = "TEXT",
        description = "A text, from its beginning, as the model's own tokenizer encodes it.")
    private @Nullable String text;
  }

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<String> problems = new ArrayList<>();
    if (scored.text != null) {
      try (OpenModel model = OpenModel.open(arguments, problems)) {
        int[] ids = model.tokenizer.encodeFromBeginning(scored.text);
        OpenModel.check("--text", ids, model.transformer, 0, problems);
        print(ids, model.transformer);
      }
    } else if (scored.tokens != null) {
      int[] ids = OpenModel.ids(scored.tokens, problems);
      try (Transformer transformer = OpenModel.openTransformer(arguments, problems)) {
        OpenModel.check("--tokens", ids, transformer, 0, problems);
        print(ids, transformer);
      }
    }
    return 0;
  }

  private void print(int[] ids, Transformer transformer) {
    double[] logProbabilities = transformer.logProbabilities(new int[][] {ids})[0];
    if (json) {
      JsonMapper mapper = JsonMapper.builder().build();
      ObjectNode answer = mapper.createObjectNode();
      ArrayNode scoredTokens = answer.putArray("tokens");
      Arrays.stream(ids).forEach(scoredTokens::add);
      ArrayNode logprobs = answer.putArray("logprobs");
      logprobs.addNull();
      Arrays.stream(logProbabilities).forEach(logprobs::add);
      System.out.println(mapper.writeValueAsString(answer));
    } else {
      for (int i = 0; i < ids.length; i++) {
        System.out.println(ids[i] + "\t" + (i == 0 ? "-" : logProbabilities[i - 1]));
      }
    }
  }
}
