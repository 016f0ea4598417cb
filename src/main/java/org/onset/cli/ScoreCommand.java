package org.onset.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.onset.model.Transformer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "score",
    description = "Prints the natural-log probability of each token given those before it.",
    mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A model's folder in Hugging Face's layout.")
  private Path folder = Path.of("");

  @Option(
      names = "--tokens",
      required = true,
      paramLabel = "IDS",
      description = "Token ids, as in \"1 2 3\".")
  private String tokens = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<String> problems = new ArrayList<>();
    List<Integer> given = ModelFolder.ids(tokens, problems);
    try (Transformer model = ModelFolder.open(folder, problems)) {
      int[] ids = ModelFolder.checked(given, model.spec(), 0, problems);
      double[] logProbabilities = model.logProbabilities(new int[][] {ids})[0];
      if (json) {
        JsonMapper mapper = JsonMapper.builder().build();
        ObjectNode answer = mapper.createObjectNode();
        ArrayNode scored = answer.putArray("tokens");
        Arrays.stream(ids).forEach(scored::add);
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
    return 0;
  }
}
