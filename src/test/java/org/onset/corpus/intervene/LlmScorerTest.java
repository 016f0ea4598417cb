package org.onset.corpus.intervene;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.corpus.intervene.ModelScore.Known;
import org.onset.corpus.intervene.ModelScore.Unknown;
import org.onset.endpoint.Endpoint;
import org.onset.endpoint.EndpointSpec;
import org.onset.endpoint.RecordedPauses;
import org.onset.endpoint.Reply;
import org.onset.endpoint.ScriptedServer;

class LlmScorerTest {
  private static final String THREE = "{\"score\": 3, \"category\": \"violence\"}";
  private static final Known VIOLENT = new Known(3, Optional.of("violence"));

  private final RecordedPauses time = new RecordedPauses(Instant.parse("2026-03-01T12:00:00Z"));
  @TempDir private Path cache;

  @Test
  void scoresComeInTheOrderOfTheTexts() throws Exception {
    SequencedMap<String, String> answers = new LinkedHashMap<>();
    answers.put("fight", THREE);
    answers.put("slur", "{\"score\": 4, \"category\": \"Hate speech\"}");
    answers.put("tea", "{\"score\": 0, \"category\": \"none\"}");
    answers.put("odd", "{\"score\": 2, \"category\": \"weather\"}");
    try (ScriptedServer server = answering(answers)) {
      assertThat(scores(server, "a fight", "some tea", "a slur", "an odd one", " \n"))
          .containsExactly(
              VIOLENT,
              new Known(0, Optional.empty()),
              new Known(4, Optional.of("hate")),
              new Known(2, Optional.of("other")),
              new Known(0, Optional.empty()));
      assertThat(server.hits()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "```json\n{\"score\": 3, \"category\": \"violence\"}\n```",
        "\n {\"category\":\"violence\",\"score\":3}\n",
        "```{\"score\": 3, \"category\": \"physical violence\", \"why\": \"blows\"}```",
      })
  void theFormIsReadWithMarksAroundIt(String answer) throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying(answer))) {
      assertThat(scores(server, "a fight")).containsExactly(VIOLENT);
      assertThat(server.hits()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3",
        "The score is 3.",
        "{\"score\": \"3\"}",
        "{\"score\": 3.5}",
        "{\"score\": 6}",
        "{\"score\": -1}",
        "{\"category\": \"violence\"}",
        "{\"score\": 3",
        "[3]",
        "{\"score\": 3} {\"score\": 4}",
        "Here you are: {\"score\": 3, \"category\": \"violence\"}",
      })
  void whatIsNotOfTheFormIsAskedForOnceMoreWithAnotherSeedAndThenUnknown(String answer)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying(answer));
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      LlmScorer scorer = new LlmScorer(LlmScorerSpec.standard(server.spec()), endpoint);

      List<ModelScore> scores = scorer.scoreAll(List.of("a fight"));

      assertThat(scores).containsExactly(new Unknown(Reason.NO_SCORE, answer));
      assertThat(scorer.tally())
          .isEqualTo(new LlmScorer.Tally(1, 1, 1, Map.of(Reason.NO_SCORE, 1L)));
      assertThat(server.received())
          .extracting(request -> request.body().at("/seed").asInt())
          .containsExactly(0, 1);
    }
  }

  @Test
  void aSecondAnswerIsAsGoodAsAFirstAndASecondRunAsksNothing() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.replying(Reply.saying("Let me think."), Reply.saying(THREE))) {
      assertThat(scores(server, "a fight")).containsExactly(VIOLENT);
      assertThat(scores(server, "a fight")).containsExactly(VIOLENT);
      assertThat(server.hits()).isEqualTo(2);
    }
  }

  @Test
  void whatTheServerWontSayIsNotAskedAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.finishing("content_filter", ""))) {
      assertThat(scores(server, "a fight"))
          .singleElement()
          .isInstanceOfSatisfying(
              Unknown.class, unknown -> assertThat(unknown.reason()).isEqualTo(Reason.FILTERED));
      assertThat(server.hits()).isEqualTo(1);
    }
  }

  @Test
  void withoutABudgetNothingIsKnown() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying(THREE))) {
      EndpointSpec poor = new EndpointSpec(server.baseUrl(), "scripted", null, 4, 4, 60, 10L);
      try (Endpoint endpoint = Endpoint.open(poor, cache, time)) {
        LlmScorer scorer = new LlmScorer(LlmScorerSpec.standard(poor), endpoint);

        assertThat(scorer.scoreAll(List.of("a", "b")))
            .allSatisfy(
                score -> assertThat(((Unknown) score).reason()).isEqualTo(Reason.BUDGET_SPENT));
        assertThat(scorer.tally().unknown()).containsExactly(Map.entry(Reason.BUDGET_SPENT, 2L));
        assertThat(server.hits()).isZero();
      }
    }
  }

  @Test
  void aLongTextHasTheScoreOfItsWorstChunk() throws Exception {
    String calm = "They had tea and talked about the weather for an hour or so. ".repeat(4);
    SequencedMap<String, String> answers = new LinkedHashMap<>();
    answers.put("Worst", "{\"score\": 5, \"category\": \"hate\"}");
    answers.put("Broken", "no idea");
    answers.put("fight", THREE);
    answers.put("They had tea", "{\"score\": 0, \"category\": \"none\"}");
    try (ScriptedServer server = answering(answers)) {
      EndpointSpec endpointSpec = server.spec();
      LlmScorerSpec spec = new LlmScorerSpec(endpointSpec, 64, 300);
      try (Endpoint endpoint = Endpoint.open(endpointSpec, cache, time)) {
        LlmScorer scorer = new LlmScorer(spec, endpoint);
        String third = calm + "\n\n" + calm + "A fight.\n\n" + calm + "The end.";

        assertThat(
                scorer.scoreAll(
                    List.of(
                        third.replace("A fight", "Then a fight"),
                        third.replace("A fight", "Broken"),
                        third.replace("A fight", "Broken").replace("The end", "Worst"))))
            .containsExactly(
                VIOLENT,
                new Unknown(Reason.NO_SCORE, "no idea"),
                new Known(5, Optional.of("hate")));
        assertThat(scorer.tally().chunks()).isEqualTo(9);
      }
    }
  }

  @Test
  void aFingerprintIsOfTheModelAndTheQuestionAndNotOfTheAddress() {
    LlmScorerSpec spec = spec("http://localhost:1/v1", "m");

    assertThat(LlmScorer.fingerprint(spec))
        .isEqualTo(LlmScorer.fingerprint(spec("http://localhost:2/v1", "m")))
        .isNotEqualTo(LlmScorer.fingerprint(spec("http://localhost:1/v1", "n")))
        .isNotEqualTo(LlmScorer.fingerprint(new LlmScorerSpec(spec.endpoint(), 64, 500)));
  }

  private static LlmScorerSpec spec(String baseUrl, String model) {
    return LlmScorerSpec.standard(new EndpointSpec(baseUrl, model, null, 1, 1, 1, null));
  }

  private List<ModelScore> scores(ScriptedServer server, String... texts) throws Exception {
    try (Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      return new LlmScorer(LlmScorerSpec.standard(server.spec()), endpoint)
          .scoreAll(List.of(texts));
    }
  }

  /** Answers by the first of these words that stands in the text. */
  private static ScriptedServer answering(SequencedMap<String, String> answers) throws IOException {
    return ScriptedServer.following(
        (request, _) ->
            Reply.saying(
                answers.entrySet().stream()
                    .filter(answer -> request.lastContent().contains(answer.getKey()))
                    .findFirst()
                    .orElseThrow()
                    .getValue()));
  }
}
