package org.onset.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onset.Problems;
import org.onset.Seeds;
import org.onset.decode.Completion;
import org.onset.decode.Decoder;
import org.onset.decode.Generation;
import org.onset.decode.Prompt;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "generate",
    description = "Continues a sequence of tokens.",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A model's folder in Hugging Face's layout.")
  private Path folder = Path.of("");

  @Option(
      names = "--tokens",
      required = true,
      paramLabel = "IDS",
      description = "The prompt's token ids, as in \"1 2 3\".")
  private String tokens = "";

  @Option(
      names = "--decoder",
      defaultValue = "greedy",
      paramLabel = "NAME",
      description =
          "greedy, topk, topp, beam, safebeam (the paper's rule) or safebeam-threshold"
              + " (default: ${DEFAULT-VALUE}).")
  private String decoder = "greedy";

  @Option(names = "--k", defaultValue = "10", description = "topk: tokens to sample among.")
  private int k;

  @Option(names = "--p", defaultValue = "0.9", description = "topp: probability to sample within.")
  private double p;

  @Option(names = "--temperature", defaultValue = "1.0", description = "topk and topp.")
  private double temperature;

  @Option(names = "--beams", defaultValue = "4", description = "beam and SafeBeam.")
  private int beams;

  @Option(names = "--extensions", description = "SafeBeam: candidates a beam (default: the beams).")
  private @Nullable Integer extensions;

  @Option(
      names = "--threshold",
      defaultValue = "0.005",
      description = "safebeam-threshold: probability of the tag above which a candidate may go.")
  private double threshold;

  @Option(names = "--stop-on-tag", description = "SafeBeam: end a beam that turns to the tag.")
  private boolean stopOnTag;

  @Option(names = "--max-tokens", defaultValue = "16", description = "New tokens at most.")
  private int maxTokens;

  @Option(names = "--seed", defaultValue = "0", description = "Seed of topk and topp.")
  private long seed;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<String> problems = new ArrayList<>();
    Decoder chosen = chosenDecoder(problems);
    List<Integer> ids = ModelFolder.ids(tokens, problems);
    try (Transformer model = ModelFolder.open(folder, problems);
        Tokenizer tokenizer = Tokenizer.open(folder)) {
      int[] prompt = ModelFolder.checked(ids, model.spec(), 1, problems);
      Completion completion =
          new Generation(model, tokenizer.stopTokens(), tokenizer.tag())
              .complete(
                  List.of(new Prompt("prompt", prompt)), chosen, maxTokens, new Seeds(seed), 0)
              .getFirst();
      String text = tokenizer.decode(completion.tokens());
      if (json) {
        JsonMapper mapper = JsonMapper.builder().build();
        ObjectNode answer = mapper.createObjectNode();
        ArrayNode made = answer.putArray("tokens");
        Arrays.stream(completion.tokens()).forEach(made::add);
        answer.put("text", text);
        answer.put("logprob", completion.logProbability());
        answer.put("finish", completion.finish().word());
        System.out.println(mapper.writeValueAsString(answer));
      } else {
        System.out.println(text);
      }
    }
    return 0;
  }

  private Decoder chosenDecoder(List<String> problems) {
    int candidates = extensions == null ? beams : extensions;
    Decoder chosen =
        switch (decoder) {
          case "greedy" -> new Decoder.Greedy();
          case "topk" -> new Decoder.TopK(k, temperature);
          case "topp" -> new Decoder.TopP(p, temperature);
          case "beam" -> new Decoder.Beam(beams);
          case "safebeam" -> new Decoder.SafeBeam(beams, candidates, stopOnTag);
          case "safebeam-threshold" ->
              new Decoder.SafeBeamThreshold(beams, candidates, threshold, stopOnTag);
          default -> {
            problems.add(
                "--decoder: '%s' is none of greedy, topk, topp, beam, safebeam, safebeam-threshold"
                    .formatted(decoder));
            yield new Decoder.Greedy();
          }
        };
    Problems found = new Problems();
    chosen.check(found);
    found.positive("max-tokens", maxTokens);
    for (Problems.Problem problem : found.found()) {
      problems.add("--" + problem.field() + ": " + problem.message());
    }
    return chosen;
  }
}
