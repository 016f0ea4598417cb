package org.onset.corpus.intervene;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.onset.Seeds;
import org.onset.corpus.Refusals;
import org.onset.corpus.intervene.Rule.Kind;

class TemplateSentencesTest {
  private static final TemplateSentences SENTENCES = TemplateSentences.STANDARD;
  private static final Seeds SEEDS = new Seeds(1);
  private static final int DRAWS = 300;
  private static final String SOURCE =
      "A text of some length that none of the templates knows anything about.";

  @Test
  void everyTopicHasItsSentences() {
    for (HarmTopic topic : HarmTopic.values()) {
      TemplateSentences.Topic own = requireNonNull(SENTENCES.topics().get(topic.label()));

      assertThat(own.asks()).hasSizeGreaterThanOrEqualTo(3);
      assertThat(own.whys()).hasSizeGreaterThanOrEqualTo(2);
      assertThat(own.reflections()).hasSizeGreaterThanOrEqualTo(2);
    }
    assertThat(SENTENCES.topics()).hasSize(HarmTopic.values().length);
  }

  @Test
  void whateverDeclinesIsTakenForARefusal() {
    assertThat(SENTENCES.declines()).allMatch(Refusals::in);
  }

  @ParameterizedTest
  @EnumSource
  void everyRefusalIsADialogueThatRefuses(HarmTopic topic) {
    Set<String> different = new HashSet<>();
    for (int i = 0; i < DRAWS; i++) {
      String text = SENTENCES.refusal(topic, draw(Kind.REFUSE, i));

      assertSound(Kind.REFUSE, text);
      assertThat(text).matches("(?s)\\p{L}+: .+\n\n\\p{L}+: .+");
      different.add(text);
    }
    assertThat(different).hasSizeGreaterThan(DRAWS - 10);
  }

  @ParameterizedTest
  @EnumSource
  void everyMoralIsProse(HarmTopic topic) {
    Set<String> different = new HashSet<>();
    for (int i = 0; i < DRAWS; i++) {
      String text = SENTENCES.moral(topic, draw(Kind.MORALISE, i));

      assertSound(Kind.MORALISE, text);
      assertThat(Exchange.parse(text)).isEmpty();
      assertThat(text.length()).isBetween(300, 2_000);
      different.add(text);
    }
    assertThat(different).hasSizeGreaterThan(DRAWS - 10);
  }

  @ParameterizedTest
  @EnumSource
  void reflectionsVaryAndNeighboursDiffer(HarmTopic topic) {
    String before = "";
    for (int i = 0; i < DRAWS; i++) {
      String text = SENTENCES.reflection(topic, draw(Kind.REFLECT, i), before);

      assertSound(Kind.REFLECT, text);
      assertThat(text).isNotEqualTo(before).hasSizeBetween(20, 400);
      before = text;
    }
  }

  @Test
  void speakersHaveTwoDifferentNames() {
    Set<String> different = new HashSet<>();
    for (int i = 0; i < DRAWS; i++) {
      TemplateSentences.Speakers speakers = SENTENCES.speakers(draw(Kind.REFUSE, i));

      assertThat(speakers.asker()).isNotEqualTo(speakers.answerer());
      different.add(speakers.asker());
    }
    assertThat(different).hasSizeGreaterThan(30);
  }

  @Test
  void aCategoryLeadsToItsTopic() {
    Map<String, HarmTopic> topics =
        Map.of(
            "violence", HarmTopic.VIOLENCE,
            "Hate speech", HarmTopic.HATE,
            "offensive_language", HarmTopic.HARASSMENT,
            "cybercrime_intrusion", HarmTopic.HACKING,
            "chemical_biological", HarmTopic.WEAPONS,
            "misinformation_disinformation", HarmTopic.MISINFORMATION,
            "Fraud/Deception", HarmTopic.FRAUD,
            "illegal", HarmTopic.CRIME,
            "something else", HarmTopic.OTHER);

    topics.forEach(
        (category, topic) ->
            assertThat(HarmTopic.of(Optional.of(category))).as(category).isEqualTo(topic));
    assertThat(HarmTopic.of(Optional.empty())).isEqualTo(HarmTopic.OTHER);
    for (HarmTopic topic : HarmTopic.values()) {
      assertThat(HarmTopic.of(Optional.of(topic.label()))).isEqualTo(topic);
    }
  }

  private static void assertSound(Kind kind, String text) {
    assertThat(text).doesNotContain("{").doesNotContain("}").doesNotContain("..");
    assertThat(Validation.problem(kind, SOURCE, text)).as(text).isEmpty();
  }

  private static Draw draw(Kind kind, int number) {
    return new Draw(SEEDS, kind, "document-" + number);
  }

  /** Lists are what the draws are made from: none has the same sentence twice. */
  @Test
  void noSentenceStandsTwice() {
    List<List<String>> lists =
        List.of(
            SENTENCES.requests(),
            SENTENCES.acknowledgements(),
            SENTENCES.declines(),
            SENTENCES.offers(),
            SENTENCES.openings(),
            SENTENCES.closings(),
            SENTENCES.names());

    assertThat(lists).allSatisfy(list -> assertThat(list).doesNotHaveDuplicates());
  }
}
