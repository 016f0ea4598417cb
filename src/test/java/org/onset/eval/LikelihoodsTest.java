package org.onset.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.onset.corpus.Document;
import org.onset.corpus.Question;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LikelihoodsTest {
  private TinyModel tiny;

  @BeforeAll
  void openModel(@TempDir Path folder) {
    tiny = TinyModel.open(folder);
  }

  @AfterAll
  void closeModel() {
    tiny.close();
  }

  @ParameterizedTest
  @EnumSource(Asking.class)
  void theChoiceLikeliestPerTokenIsTheAnswer(Asking asking) {
    SplittableRandom random = new SplittableRandom(2);
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < 90; i++) { // more than one batch of rows
      questions.add(question(random, 2 + random.nextInt(6)));
    }

    boolean[] answered =
        Likelihoods.answered(
            tiny.model(), tiny.tokenizer(), asking, questions, TinyModel.CONTEXT_LENGTH);

    boolean[] expected = new boolean[answered.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = likeliest(questions.get(i), asking) == questions.get(i).answer();
    }
    assertThat(answered).isEqualTo(expected).contains(true).contains(false);
  }

  private int likeliest(Question question, Asking asking) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int choice = 0; choice < question.choices().size(); choice++) {
      int[] prompt =
          switch (asking) {
            case COMPLETION -> document(question.completionText());
            case CHAT -> tiny.tokenizer().chatTemplate().prompt(question.text());
          };
      int[] continuation = tiny.tokenizer().encode(question.choices().get(choice));
      double score = tiny.meanLogProbability(joined(prompt, continuation), continuation.length);
      if (score > highest) {
        highest = score;
        best = choice;
      }
    }
    return best;
  }

  @Test
  void aQuestionLongerThanTheContextLosesItsBeginning() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> choices = List.of("river stone", "bread");
    String text = TinyModel.text(random, 60);

    double[] scores = new double[2];
    for (int choice = 0; choice < 2; choice++) {
      int[] continuation = tiny.tokenizer().encode(choices.get(choice));
      int[] whole = joined(document(text), continuation);
      int[] end = Arrays.copyOfRange(whole, whole.length - TinyModel.CONTEXT_LENGTH, whole.length);
      scores[choice] = tiny.meanLogProbability(end, continuation.length);
    }
    for (int answer = 0; answer < 2; answer++) {
      Question question = new Question("q", "quiz", "?", text, choices, answer);
      assertThat(
              Likelihoods.answered(
                  tiny.model(),
                  tiny.tokenizer(),
                  Asking.COMPLETION,
                  List.of(question),
                  TinyModel.CONTEXT_LENGTH))
          .containsExactly(scores[answer] > scores[1 - answer]);
    }
  }

  @Test
  void aPerplexityIsThatOfTheTextAndItsEnd() {
    SplittableRandom random = new SplittableRandom(4);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      documents.add(document(random, 1 + random.nextInt(TinyModel.CONTEXT_LENGTH - 2)));
    }

    double[] perplexities =
        Likelihoods.perplexities(
            tiny.model(), tiny.tokenizer(), documents, TinyModel.CONTEXT_LENGTH);

    for (int i = 0; i < perplexities.length; i++) {
      int[] text = document(documents.get(i).text());
      int[] ended = joined(text, new int[] {tiny.tokenizer().endOfText()});
      double mean = tiny.meanLogProbability(ended, ended.length - 1);
      assertThat(perplexities[i]).isCloseTo(Math.exp(-mean), within(1e-4 * Math.exp(-mean)));
    }
  }

  @Test
  void aTextLongerThanTheContextIsCutForItsPerplexity() {
    Document longer = document(new SplittableRandom(5), 60);

    double perplexity =
        Likelihoods.perplexities(
            tiny.model(), tiny.tokenizer(), List.of(longer), TinyModel.CONTEXT_LENGTH)[0];

    int[] cut = Arrays.copyOf(document(longer.text()), TinyModel.CONTEXT_LENGTH);
    double mean = tiny.meanLogProbability(cut, cut.length - 1);
    assertThat(perplexity).isCloseTo(Math.exp(-mean), within(1e-4 * Math.exp(-mean)));
  }

  @Test
  void whatIsMeasuredOfATextDoesNotDependOnTheTextsBesideIt() {
    SplittableRandom random = new SplittableRandom(6);
    List<Document> documents =
        IntStream.range(0, 70).mapToObj(i -> document(random, 1 + i % 30)).toList();

    double[] together =
        Likelihoods.perplexities(
            tiny.model(), tiny.tokenizer(), documents, TinyModel.CONTEXT_LENGTH);

    for (int i = 0; i < together.length; i += 7) {
      double alone =
          Likelihoods.perplexities(
              tiny.model(), tiny.tokenizer(), List.of(documents.get(i)), TinyModel.CONTEXT_LENGTH)[
              0];
      assertThat(together[i]).isCloseTo(alone, within(1e-4 * alone));
    }
  }

  @Test
  void nothingToMeasureIsNothingMeasured() {
    assertThat(
            Likelihoods.answered(
                tiny.model(), tiny.tokenizer(), Asking.CHAT, List.of(), TinyModel.CONTEXT_LENGTH))
        .isEmpty();
    assertThat(
            Likelihoods.perplexities(
                tiny.model(), tiny.tokenizer(), List.of(), TinyModel.CONTEXT_LENGTH))
        .isEmpty();
  }

  /** Three choices of one to three words. */
  private static Question question(SplittableRandom random, int words) {
    List<String> choices =
        IntStream.range(0, 3).mapToObj(_ -> TinyModel.text(random, 1 + random.nextInt(3))).toList();
    String text = TinyModel.text(random, words);
    return new Question("q", "quiz", text, "so " + text, choices, random.nextInt(3));
  }

  private static Document document(SplittableRandom random, int words) {
    return Document.unscored("d", TinyModel.text(random, words), "held-out");
  }

  /** A text as training has it: after the end of another. */
  private int[] document(String text) {
    return joined(new int[] {tiny.tokenizer().endOfText()}, tiny.tokenizer().encode(text));
  }

  private static int[] joined(int[] one, int[] other) {
    return IntStream.concat(Arrays.stream(one), Arrays.stream(other)).toArray();
  }
}
