package org.onset.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.onset.BadInput;
import org.onset.Problems;
import org.onset.Seeds;
import org.onset.decode.BeamSearch.TagRule;
import org.onset.decode.Decoder.Beam;
import org.onset.decode.Decoder.Greedy;
import org.onset.decode.Decoder.SafeBeam;
import org.onset.decode.Decoder.SafeBeamThreshold;
import org.onset.decode.Decoder.TopK;
import org.onset.decode.Decoder.TopP;
import org.onset.decode.LanguageModel.Rows;
import org.onset.model.Transformer;

/**
 * Completes prompts with a model, many at once. Where the model's context leaves less room than is
 * asked for, a completion ends there, by length.
 */
public final class Generation {
  /** Memory that one batch's cache and logits may take, unless a single prompt needs more. */
  private static final long BATCH_BYTES = 256L << 20;

  private final LanguageModel model;
  private final int[] stopTokens;
  private final OptionalInt tag;

  /**
   * @param stopTokens each ends a completion and is its last token
   * @param tag the harmfulness tag; without one SafeBeam has nothing to look for and is beam search
   */
  public Generation(Transformer model, int[] stopTokens, OptionalInt tag) {
    this(new TransformerModel(model), stopTokens, tag);
  }

  Generation(LanguageModel model, int[] stopTokens, OptionalInt tag) {
    int vocabSize = model.vocabSize();
    for (int token : stopTokens) {
      requireToken("stop token", token, vocabSize);
    }
    tag.ifPresent(token -> requireToken("tag", token, vocabSize));
    if (tag.isPresent() && vocabSize == 1) {
      throw new IllegalArgumentException("a vocabulary of the tag alone leaves nothing to say");
    }
    this.model = model;
    this.stopTokens = stopTokens.clone();
    this.tag = tag;
  }

  /**
   * One completion a prompt, in the prompts' order. Sampling decoders draw from {@code seeds} by
   * prompt id and {@code sample}; the others ignore both.
   *
   * @throws BadInput naming every prompt that can't be completed: empty, with tokens outside the
   *     vocabulary, or filling the context
   */
  public List<Completion> complete(
      List<Prompt> prompts, Decoder decoder, int maxNewTokens, Seeds seeds, int sample) {
    return complete(prompts, decoder, maxNewTokens, seeds, sample, DecodingListener.NONE);
  }

  /** The same, heard by {@code listener} on this thread. */
  public List<Completion> complete(
      List<Prompt> prompts,
      Decoder decoder,
      int maxNewTokens,
      Seeds seeds,
      int sample,
      DecodingListener listener) {
    requireSound(decoder, maxNewTokens);
    requireUsable(prompts);
    Completion[] completions = new Completion[prompts.size()];
    for (int[] batch : batches(prompts, decoder, maxNewTokens)) {
      List<Prompt> batchPrompts = IntStream.of(batch).mapToObj(prompts::get).toList();
      List<Completion> done =
          completeBatch(batchPrompts, decoder, maxNewTokens, seeds, sample, listener);
      for (int i = 0; i < batch.length; i++) {
        completions[batch[i]] = done.get(i);
      }
    }
    return List.of(completions);
  }

  private List<Completion> completeBatch(
      List<Prompt> prompts,
      Decoder decoder,
      int maxNewTokens,
      Seeds seeds,
      int sample,
      DecodingListener listener) {
    int[] limits = prompts.stream().mapToInt(prompt -> limit(prompt, maxNewTokens)).toArray();
    int maxLength =
        prompts.stream().mapToInt(prompt -> length(prompt, maxNewTokens)).max().orElseThrow();
    try (Rows rows = model.rows(prompts.size() * beams(decoder), maxLength)) {
      return switch (decoder) {
        case Greedy _ ->
            new Sampling(rows, TokenChoice.GREEDY, stopTokens, listener)
                .complete(prompts, limits, randoms(prompts, seeds, sample));
        case TopK(int k, double temperature) ->
            new Sampling(rows, TokenChoice.topK(k, temperature), stopTokens, listener)
                .complete(prompts, limits, randoms(prompts, seeds, sample));
        case TopP(double p, double temperature) ->
            new Sampling(rows, TokenChoice.topP(p, temperature), stopTokens, listener)
                .complete(prompts, limits, randoms(prompts, seeds, sample));
        case Beam(int beams) ->
            new BeamSearch(rows, beams, beams, Optional.empty(), stopTokens, listener)
                .complete(prompts, limits);
        case SafeBeam(int beams, int extensions, boolean stopOnTag) ->
            new BeamSearch(
                    rows, beams, extensions, tagRule(_ -> true, stopOnTag), stopTokens, listener)
                .complete(prompts, limits);
        case SafeBeamThreshold(int beams, int extensions, double threshold, boolean stopOnTag) ->
            new BeamSearch(
                    rows,
                    beams,
                    extensions,
                    tagRule(risk -> risk > threshold, stopOnTag),
                    stopTokens,
                    listener)
                .complete(prompts, limits);
      };
    }
  }

  private static List<SplittableRandom> randoms(List<Prompt> prompts, Seeds seeds, int sample) {
    return prompts.stream()
        .map(prompt -> seeds.generator("sampling/" + prompt.id() + "/" + sample))
        .toList();
  }

  private Optional<TagRule> tagRule(DoublePredicate droppable, boolean stopOnTag) {
    return tag.isPresent()
        ? Optional.of(new TagRule(tag.getAsInt(), droppable, stopOnTag))
        : Optional.empty();
  }

  /** Prompts of similar length together, as many as fit the memory: their places in the list. */
  private List<int[]> batches(List<Prompt> prompts, Decoder decoder, int maxNewTokens) {
    int[] order =
        IntStream.range(0, prompts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> prompts.get(i).tokens().length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= order.length; to++) {
      // the longest so far is the last, and every prompt of a batch gets as much room
      if (to == order.length
          || (to + 1 - from) * bytes(prompts.get(order[to]), decoder, maxNewTokens) > BATCH_BYTES) {
        batches.add(Arrays.copyOfRange(order, from, to));
        from = to;
      }
    }
    return batches;
  }

  /** The cache of a prompt's rows, candidates included, and the logits of all candidates. */
  private long bytes(Prompt prompt, Decoder decoder, int maxNewTokens) {
    long candidates = (long) beams(decoder) * Math.min(extensions(decoder), model.vocabSize());
    long cacheTokens = beams(decoder) * (length(prompt, maxNewTokens) + candidates);
    long logits = candidates * model.vocabSize() * Float.BYTES;
    return cacheTokens * model.cacheBytesPerToken() + logits;
  }

  private int length(Prompt prompt, int maxNewTokens) {
    return prompt.tokens().length + limit(prompt, maxNewTokens);
  }

  private int limit(Prompt prompt, int maxNewTokens) {
    return Math.min(maxNewTokens, model.maxContextLength() - prompt.tokens().length);
  }

  private static int beams(Decoder decoder) {
    return switch (decoder) {
      case Greedy _, TopK _, TopP _ -> 1;
      case Beam(int beams) -> beams;
      case SafeBeam(int beams, _, _) -> beams;
      case SafeBeamThreshold(int beams, _, _, _) -> beams;
    };
  }

  /** Of a beam, how many are run through the model at once. */
  private static int extensions(Decoder decoder) {
    return switch (decoder) {
      case Greedy _, TopK _, TopP _, Beam _ -> 1;
      case SafeBeam(_, int extensions, _) -> extensions;
      case SafeBeamThreshold(_, int extensions, _, _) -> extensions;
    };
  }

  private static void requireSound(Decoder decoder, int maxNewTokens) {
    Problems problems = new Problems();
    decoder.check(problems);
    problems.positive("maxNewTokens", maxNewTokens);
    if (!problems.found().isEmpty()) {
      throw new IllegalArgumentException(decoder + ": " + problems.found());
    }
  }

  private void requireUsable(List<Prompt> prompts) {
    List<String> problems = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Prompt prompt : prompts) {
      if (!ids.add(prompt.id())) {
        throw new IllegalArgumentException(
            "two prompts have the id " + prompt.id() + ", so they would draw the same numbers");
      }
      problem(prompt.tokens())
          .ifPresent(problem -> problems.add("prompt " + prompt.id() + ": " + problem));
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }

  private Optional<String> problem(int[] tokens) {
    if (tokens.length == 0) {
      return Optional.of("is empty; give at least one token");
    }
    if (tokens.length >= model.maxContextLength()) {
      return Optional.of(
          "has %d tokens, which leaves no room in the model's context of %d; shorten it"
              .formatted(tokens.length, model.maxContextLength()));
    }
    return IntStream.of(tokens)
        .filter(token -> token < 0 || token >= model.vocabSize())
        .mapToObj(
            token ->
                "holds token %d, which is not in the vocabulary of 0 to %d; was it made with this model's tokenizer?"
                    .formatted(token, model.vocabSize() - 1))
        .findFirst();
  }

  private static void requireToken(String what, int token, int vocabSize) {
    if (token < 0 || token >= vocabSize) {
      throw new IllegalArgumentException(
          "%s %d is not in the vocabulary of %d tokens".formatted(what, token, vocabSize));
    }
  }
}
