package org.onset.corpus.intervene;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.BadInput;
import org.onset.corpus.intervene.Rule.Kind;
import org.onset.corpus.intervene.Rule.LossOn;
import org.onset.corpus.intervene.Rule.Packing;
import org.onset.endpoint.EndpointSpec;

class RuleTest {
  private static final String ALL =
      """
      interventions:
        safe:      {kind: keep, scores: [0]}
        unsafe:    {kind: keep, scores: [1, 2, 3, 4, 5]}
        tagged:    {kind: tag, scores: [1, 2, 3, 4, 5], probability: 10%}
        rephrased: {kind: rephrase, scores: [1, 2, 3], writer: {endpoint: {baseUrl: "http://localhost:1/v1", model: some/model, tokenBudget: 2_000_000}}}
        refusal:   {kind: refuse, scores: [4, 5], writer: {templates: {}}}
        moral:     {kind: moralise, scores: [4, 5], writer: {files: [morals.jsonl, /data/more.jsonl.gz]}}
        reflected: {kind: reflect, scores: [1, 2, 3], writer: {templates: {}}, everyWords: 100, lossOn: inserted}
      """;

  @TempDir private Path folder;

  @Test
  void everyKindIsReadAsItIsWritten() throws Exception {
    Map<String, Rule> rules = RuleDraft.read(folder, ALL);

    assertThat(rules.keySet())
        .containsExactly("safe", "unsafe", "tagged", "rephrased", "refusal", "moral", "reflected");
    assertThat(rules.values())
        .extracting(Rule::kind)
        .containsExactly(
            Kind.KEEP,
            Kind.KEEP,
            Kind.TAG,
            Kind.REPHRASE,
            Kind.REFUSE,
            Kind.MORALISE,
            Kind.REFLECT);
    assertThat(rule(rules, "tagged").probability()).hasToString("10%");
    assertThat(rule(rules, "reflected").everyWords()).isEqualTo(100);
    assertThat(rule(rules, "reflected").lossOn()).isEqualTo(LossOn.INSERTED);
  }

  @Test
  void filesStandBesideTheDeclaredFileAndAModelsNameIsNoPath() throws Exception {
    Map<String, Rule> rules = RuleDraft.read(folder, ALL);

    assertThat(writer(rules, "moral").files())
        .containsExactly(folder.resolve("morals.jsonl").toString(), "/data/more.jsonl.gz");
    assertThat(writer(rules, "rephrased").endpoint())
        .isEqualTo(
            new EndpointSpec("http://localhost:1/v1", "some/model", null, 8, 6, 120, 2_000_000L));
  }

  @Test
  void defaultsFillWhatAKindNeeds() throws Exception {
    Map<String, Rule> rules =
        RuleDraft.read(
            folder,
            """
            interventions:
              tagged: {kind: tag, scores: [1]}
              reflected: {kind: reflect, scores: [1], writer: {templates: {}}}
              rephrased:
                kind: rephrase
                scores: [1]
                lengths: {maxOfSource: 2.0}
                writer: {endpoint: {baseUrl: "http://localhost:1/v1", model: m, maxParallel: 2}, asking: {temperature: 0.2}}
            """);

    assertThat(rule(rules, "tagged").probability()).hasToString("5%");
    assertThat(rule(rules, "reflected").everyWords()).isEqualTo(200);
    assertThat(rule(rules, "reflected").lossOn()).isEqualTo(LossOn.ALL);
    assertThat(rule(rules, "rephrased").lengths()).isEqualTo(new Lengths(0.2, 2.0, null, null));
    assertThat(writer(rules, "rephrased").asking())
        .isEqualTo(new Asking(2_048, 0.2, 6_000, 60_000));
    assertThat(requireNonNull(writer(rules, "rephrased").endpoint()).maxParallel()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{kind: keep, scores: []} | scores: must name at least one score",
        "{kind: keep, scores: [6]} | scores: must lie within 0 and 5, was [6]",
        "{kind: keep, scores: [-1]} | scores: must lie within 0 and 5",
        "{kind: keep, scores: [1, 1]} | scores: must be distinct",
        "{kind: keep, scores: [1], writer: {templates: {}}} | writer: says nothing of the kind keep",
        "{kind: keep, scores: [1], probability: 5%} | probability: says nothing of the kind keep",
        "{kind: keep, scores: [1], lengths: {}} | lengths: says nothing of the kind keep",
        "{kind: tag, scores: [0, 1]} | scores: must not hold 0: the tag stands in unsafe text only",
        "{kind: tag, scores: [1], writer: {templates: {}}} | writer: says nothing of the kind tag",
        "{kind: tag, scores: [1], everyWords: 5} | everyWords: says nothing of the kind tag",
        "{kind: refuse, scores: [4]} | writer: is missing; the kind refuse needs it",
        "{kind: refuse, scores: [4], writer: {}} | writer: needs exactly one of: templates, files, endpoint",
        "{kind: refuse, scores: [4], writer: {templates: {}, files: [a.jsonl]}} | writer: needs exactly one of",
        "{kind: refuse, scores: [4], writer: {files: []}} | writer.files: must name a file",
        "{kind: refuse, scores: [4], writer: {templates: {}, asking: {maxTokens: 1, temperature: 0.0, partCharacters: 500, maxCharacters: 500}}} | writer.asking: belongs to an endpoint",
        "{kind: refuse, scores: [4], writer: {templates: {}}, lossOn: all} | lossOn: says nothing of the kind refuse",
        "{kind: rephrase, scores: [1], writer: {templates: {}}} | writer.templates: can't rephrase",
        "{kind: rephrase, scores: [0, 1], writer: {files: [a.jsonl]}} | scores: must not hold 0: a rephrased",
        "{kind: reflect, scores: [1], writer: {templates: {}}, everyWords: 0} | everyWords: must lie within 1 and",
        "{kind: reflect, scores: [1], writer: {templates: {}}, lengths: {minCharacters: 9, maxCharacters: 8}} | lengths.maxCharacters: must be at least minCharacters (9), was 8",
        "{kind: moralise, scores: [4], writer: {endpoint: {baseUrl: here, model: m}}} | writer.endpoint.baseUrl: must begin with http",
        "{kind: moralise, scores: [4], writer: {endpoint: {baseUrl: http://localhost/v1, model: m}, asking: {partCharacters: 10}}} | writer.asking.partCharacters: must be at least 200",
        "{kind: drop, scores: [4]} | kind: must be one of keep, tag, rephrase, refuse, moralise, reflect",
        "{kind: keep, scores: [4], score: 4} | score: is not a key that is known here",
      })
  void whatMakesNoSenseIsSaid(String rule, String problem) {
    assertThatThrownBy(() -> RuleDraft.read(folder, "interventions:\n  stream: " + rule + "\n"))
        .isInstanceOfSatisfying(
            BadInput.class,
            bad ->
                assertThat(bad.problems())
                    .anySatisfy(line -> assertThat(line).contains("stream." + problem)));
  }

  @Test
  void aProblemStandsWithItsLineAndOnlyOnce() {
    assertThatThrownBy(
            () ->
                RuleDraft.read(
                    folder,
                    """
                    interventions:
                      safe: {kind: keep, scores: [0]}
                      tagged:
                        kind: tag
                        scores: [0]
                    """))
        .isInstanceOfSatisfying(
            BadInput.class,
            bad ->
                assertThat(bad.problems())
                    .singleElement()
                    .asString()
                    .contains("corpus.yaml:5: interventions.tagged.scores: "));
  }

  @Test
  void streamsHaveNamesThatFoldersMayHave() {
    Rule keep = new Rule(Kind.KEEP, List.of(0), null, null, null, null, null, Packing.JOINED);

    assertThatThrownBy(() -> InterventionPlan.of(Map.of("a/b", keep), "<tag>", 1))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("interventions: a/b: must be made of letters");
    assertThatThrownBy(() -> InterventionPlan.of(Map.of(), "<tag>", 1))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("must name at least one stream");
  }

  private static Rule rule(Map<String, Rule> rules, String stream) {
    return requireNonNull(rules.get(stream));
  }

  private static Writer writer(Map<String, Rule> rules, String stream) {
    return requireNonNull(rule(rules, stream).writer());
  }
}
