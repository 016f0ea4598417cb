package org.onset.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.onset.Seeds;
import org.onset.corpus.Request;
import org.onset.decode.Completion;
import org.onset.decode.Decoder;
import org.onset.decode.Generation;
import org.onset.decode.Prompt;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;

/** Samples a model's completions of a set of requests. */
public final class Responses {
  private Responses() {}

  /**
   * {@code samples} completions of every request, in the order of the requests; prompt and
   * completion are {@code contextLength} tokens at most.
   */
  public static List<Transcript> collect(
      Transformer model,
      Tokenizer tokenizer,
      Asking asking,
      List<Request> requests,
      Decoder decoder,
      int samples,
      int contextLength,
      int maxNewTokens,
      long seed) {
    List<Prompt> prompts =
        requests.stream()
            .map(
                request ->
                    new Prompt(
                        request.id(),
                        fit(asking.prompt(request, tokenizer), contextLength - maxNewTokens)))
            .toList();
    Generation generation = new Generation(model, tokenizer.stopTokens(), tokenizer.tag());
    List<List<Completion>> bySample = new ArrayList<>();
    for (int sample = 0; sample < samples; sample++) {
      bySample.add(generation.complete(prompts, decoder, maxNewTokens, new Seeds(seed), sample));
    }
    List<Transcript> transcripts = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      for (int sample = 0; sample < samples; sample++) {
        transcripts.add(
            transcript(
                requests.get(i),
                asking,
                decoder,
                seed,
                sample,
                bySample.get(sample).get(i),
                tokenizer));
      }
    }
    return transcripts;
  }

  private static Transcript transcript(
      Request request,
      Asking asking,
      Decoder decoder,
      long seed,
      int sample,
      Completion completion,
      Tokenizer tokenizer) {
    return new Transcript(
        request.id(),
        request.suite(),
        request.attack(),
        request.variant(),
        decoder.name(),
        seed,
        sample,
        asking == Asking.CHAT ? request.text() : request.completionText(),
        tokenizer.decode(completion.tokens()),
        completion.finish().word(),
        completion.logProbability(),
        null,
        null);
  }

  /**
   * A prompt that leaves no room for an answer loses its beginning, which matters least to what
   * comes next.
   */
  private static int[] fit(int[] prompt, int room) {
    int kept = Math.min(prompt.length, Math.max(1, room));
    return Arrays.copyOfRange(prompt, prompt.length - kept, prompt.length);
  }
}
