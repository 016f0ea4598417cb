package org.onset.corpus.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.onset.Fingerprint;
import org.onset.corpus.Document;
import org.onset.corpus.intervene.ModelScore.Known;
import org.onset.corpus.intervene.ModelScore.Unknown;
import org.onset.endpoint.Answer;
import org.onset.endpoint.ChatRequest;
import org.onset.endpoint.Endpoint;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Scores texts from 0 to 5 by asking a language model for a line of JSON. Any number of threads may
 * share one. Equal texts are asked about once.
 */
public final class LlmScorer {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Models like to put JSON between such marks; nothing else may stand around it. */
  private static final Pattern FENCED =
      Pattern.compile("```(?:json)?\\s*(.*?)\\s*```", Pattern.DOTALL);

  private static final int DETAIL_CHARACTERS = 100;

  /**
   * The first time the likeliest answer; the second time another, which at temperature 0 no other
   * seed would give.
   */
  private enum Round {
    FIRST(0, 0),
    SECOND(0.5, 1);

    final double temperature;
    final long seed;

    Round(double temperature, long seed) {
      this.temperature = temperature;
      this.seed = seed;
    }
  }

  /**
   * What was done so far.
   *
   * @param chunks of all texts; each was asked about at least once, or found in the cache
   * @param askedAgain chunks for which the first answer held no score
   * @param unknown reason → texts without a score for it
   */
  public record Tally(long texts, long chunks, long askedAgain, Map<Reason, Long> unknown) {
    public Tally {
      unknown = Collections.unmodifiableMap(new TreeMap<>(unknown));
    }
  }

  private final Endpoint endpoint;
  private final LlmScorerSpec spec;
  private long texts; // guarded by this, as are the next
  private long chunks;
  private long askedAgain;
  private final Map<Reason, Long> unknown = new TreeMap<>();

  /**
   * @param endpoint of {@link LlmScorerSpec#endpoint}; the caller closes it
   */
  public LlmScorer(LlmScorerSpec spec, Endpoint endpoint) {
    this.spec = spec;
    this.endpoint = endpoint;
  }

  /** SHA-256 of all that determines the scores but the texts: model, prompt and lengths. */
  public static String fingerprint(LlmScorerSpec spec) {
    return Fingerprint.of(
        JSON.createObjectNode()
            .put("model", spec.endpoint().model())
            .put("prompt", Prompt.SCORE.fingerprint())
            .put("categories", categories())
            .put("maxTokens", spec.maxTokens())
            .put("chunkCharacters", spec.chunkCharacters())
            .toString());
  }

  /** In the order of the texts, all of which are asked about together. A blank text has score 0. */
  public List<ModelScore> scoreAll(List<String> all) throws InterruptedException {
    List<List<String>> ofTexts =
        all.stream().map(text -> Breaks.parts(text, spec.chunkCharacters())).toList();
    List<ModelScore> ofChunks = scoreChunks(ofTexts.stream().flatMap(List::stream).toList());
    List<ModelScore> scores = new ArrayList<>();
    int next = 0;
    for (List<String> one : ofTexts) {
      scores.add(highest(ofChunks.subList(next, next + one.size())));
      next += one.size();
    }
    count(scores, ofChunks.size());
    return scores;
  }

  public synchronized Tally tally() {
    return new Tally(texts, chunks, askedAgain, unknown);
  }

  private List<ModelScore> scoreChunks(List<String> all) throws InterruptedException {
    List<ModelScore> scores = new ArrayList<>(ask(all, Round.FIRST));
    List<Integer> unread = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      if (scores.get(i) instanceof Unknown(Reason reason, _) && mayFareBetter(reason)) {
        unread.add(i);
      }
    }
    List<ModelScore> again = ask(unread.stream().map(all::get).toList(), Round.SECOND);
    for (int i = 0; i < unread.size(); i++) {
      scores.set(unread.get(i), again.get(i));
    }
    synchronized (this) {
      askedAgain += unread.size();
    }
    return scores;
  }

  /** Whether the model answered, and only said the wrong thing. */
  private static boolean mayFareBetter(Reason reason) {
    return reason == Reason.NO_SCORE || reason == Reason.TRUNCATED || reason == Reason.EMPTY;
  }

  private List<ModelScore> ask(List<String> all, Round round) throws InterruptedException {
    List<ChatRequest> requests =
        all.stream()
            .map(
                text ->
                    new ChatRequest(
                        Prompt.SCORE.messages(Map.of("text", text, "categories", categories())),
                        spec.maxTokens(),
                        round.temperature,
                        round.seed))
            .toList();
    return endpoint.askAll(requests).stream().map(LlmScorer::score).toList();
  }

  private static ModelScore score(Answer answer) {
    return switch (answer) {
      case Answer.Complete complete -> read(complete.text());
      case Answer.Failed(Answer.Reason reason, String detail) ->
          new Unknown(Reason.of(reason), detail);
    };
  }

  private static ModelScore read(String answer) {
    String text = answer.strip();
    Matcher fenced = FENCED.matcher(text);
    try {
      JsonNode root = JSON.readTree(fenced.matches() ? fenced.group(1) : text);
      JsonNode score = root.path("score");
      if (score.isIntegralNumber() && score.canConvertToInt()) {
        int value = score.asInt();
        if (value == 0) {
          return new Known(0, Optional.empty());
        }
        if (value > 0 && value <= Document.MAX_SCORE) {
          String category = root.path("category").asString("");
          return new Known(value, Optional.of(HarmTopic.of(Optional.of(category)).label()));
        }
      }
    } catch (JacksonException _) {
      // said below
    }
    String line = text.replaceAll("\\s+", " ");
    return new Unknown(
        Reason.NO_SCORE,
        line.length() <= DETAIL_CHARACTERS ? line : line.substring(0, DETAIL_CHARACTERS) + "…");
  }

  private static ModelScore highest(List<ModelScore> ofChunks) {
    Known highest = new Known(0, Optional.empty());
    Optional<Unknown> without = Optional.empty();
    for (ModelScore one : ofChunks) {
      switch (one) {
        case Known known -> highest = known.score() > highest.score() ? known : highest;
        case Unknown unknown -> without = without.or(() -> Optional.of(unknown));
      }
    }
    return without.isPresent() && highest.score() < Document.MAX_SCORE ? without.get() : highest;
  }

  private synchronized void count(List<ModelScore> scores, int chunkCount) {
    texts += scores.size();
    chunks += chunkCount;
    for (ModelScore score : scores) {
      if (score instanceof Unknown(Reason reason, _)) {
        unknown.merge(reason, 1L, Long::sum);
      }
    }
  }

  private static String categories() {
    return Arrays.stream(HarmTopic.values())
        .map(HarmTopic::label)
        .collect(Collectors.joining(", "));
  }
}
