package org.onset.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.onset.Problems;
import org.onset.decode.Completion;
import org.onset.decode.Decoder;
import org.onset.decode.DecodingListener;
import org.onset.decode.Prompt;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "generate",
    description = "Continues a text or a sequence of tokens, or answers a message.",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  @Mixin private ModelArguments arguments = new ModelArguments();

  @ArgGroup(multiplicity = "1")
  private Given given = new Given();

  private static final class Given {
    @Option(
        names = "--tokens",
        paramLabel = "IDS",
        description = "The prompt's token ids, as in \"1 2 3\".")
    private @Nullable String tokens;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "The prompt as text.")
    private @Nullable String prompt;
  }

  @Option(
      names = "--chat",
      description = "The prompt is a user's message, put through the model's chat template.")
  private boolean chat;

  @Mixin private DecoderOptions decoding = new DecoderOptions();

  @Option(
      names = "--max-tokens",
      defaultValue = "16",
      description = "New tokens at most (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--trace",
      description = "beam and SafeBeam, with --json: every candidate of every step.")
  private boolean trace;

  @Override
  public Integer call() {
    List<String> problems = new ArrayList<>();
    Decoder decoder = decoding.chosen(problems);
    requireFitting(decoder, problems);
    int[] ids = given.tokens == null ? new int[0] : OpenModel.ids(given.tokens, problems);
    try (OpenModel model = OpenModel.open(arguments, problems)) {
      int[] prompt = given.prompt == null ? ids : encoded(given.prompt, model);
      OpenModel.check(
          given.prompt == null ? "--tokens" : "--prompt", prompt, model.transformer, 1, problems);
      model.warnWithoutTag(decoder);
      ArrayNode steps = JsonMapper.builder().build().createArrayNode();
      Completion completion =
          model
              .generation()
              .complete(
                  List.of(new Prompt("prompt", prompt)),
                  decoder,
                  maxTokens,
                  decoding.seeds(),
                  0,
                  trace ? new StepsWriter(steps) : DecodingListener.NONE)
              .getFirst();
      print(completion, model.tokenizer.decode(completion.tokens()), steps);
    }
    return 0;
  }

  private void requireFitting(Decoder decoder, List<String> problems) {
    Problems found = new Problems();
    found.positive("--max-tokens", maxTokens);
    found.require(
        !chat || given.prompt != null,
        "--chat",
        "goes with --prompt, since tokens are continued as they are");
    found.require(!trace || json, "--trace", "goes with --json");
    boolean searches =
        switch (decoder) {
          case Decoder.Greedy _, Decoder.TopK _, Decoder.TopP _ -> false;
          case Decoder.Beam _, Decoder.SafeBeam _, Decoder.SafeBeamThreshold _ -> true;
        };
    found.require(
        !trace || searches,
        "--trace",
        "%s has no beams; take beam, safebeam or safebeam-threshold",
        decoder.name());
    found.found().forEach(problem -> problems.add(problem.field() + ": " + problem.message()));
  }

  private int[] encoded(String text, OpenModel model) {
    return chat
        ? model.tokenizer.chatTemplate().prompt(text)
        : model.tokenizer.encodeFromBeginning(text);
  }

  private void print(Completion completion, String text, ArrayNode steps) {
    if (!json) {
      System.out.println(text);
      return;
    }
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode answer = mapper.createObjectNode();
    ArrayNode made = answer.putArray("tokens");
    Arrays.stream(completion.tokens()).forEach(made::add);
    answer.put("text", text);
    answer.put("logprob", completion.logProbability());
    answer.put("finish", completion.finish().word());
    if (trace) {
      answer.set("steps", steps);
    }
    System.out.println(mapper.writeValueAsString(answer));
  }

  /** Writes a beam search down, an array of candidates a step. */
  private record StepsWriter(ArrayNode steps) implements DecodingListener {
    @Override
    public void decided(Prompt prompt, Supplier<List<Candidate>> candidates) {
      ArrayNode step = steps.addArray();
      for (Candidate candidate : candidates.get()) {
        ObjectNode node = step.addObject().put("beam", candidate.beam());
        OptionalInt token = candidate.token();
        node.put("token", token.isPresent() ? token.getAsInt() : null);
        node.put("logprob", candidate.logProbability());
        node.put("total", candidate.total());
        OptionalDouble tag = candidate.tagProbability();
        node.put("tag_probability", tag.isPresent() ? tag.getAsDouble() : null);
        node.put("kept", candidate.kept());
      }
    }
  }
}
