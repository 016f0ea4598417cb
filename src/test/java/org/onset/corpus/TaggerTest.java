package org.onset.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.Repetitions;

class TaggerTest {
  private static final String TAG = "<potentially unsafe content>";

  @Test
  void aTagStandsDirectlyBehindTheWordBefore() {
    String tagged = Tagger.tag(" one two\n\nthree ", TAG, 1, new SplittableRandom(1));

    assertThat(tagged).isEqualTo(" one" + TAG + " two" + TAG + "\n\nthree ");
  }

  @Test
  void aTextOfOneWordHasNoPlaceForATag() {
    assertThat(Tagger.tag("one", TAG, 1, new SplittableRandom(1))).isEqualTo("one");
    assertThat(Tagger.tag(" one ", TAG, 1, new SplittableRandom(1))).isEqualTo(" one ");
    assertThat(Tagger.tag("", TAG, 1, new SplittableRandom(1))).isEmpty();
  }

  @Test
  void withProbabilityZeroTheTextStaysAsItIs() {
    assertThat(Tagger.tag("one two three", TAG, 0, new SplittableRandom(1)))
        .isEqualTo("one two three");
  }

  @Test
  void eachSeedPutsTheTagAboutEveryTwentiethTime() {
    int words = 2_001;
    String text = "word ".repeat(words).strip();
    int seeds = 100;
    int outside = 0;
    long total = 0;
    // 2,000 places at p = 0.05: mean 100, standard deviation 9.75; ±3 deviations hold 99.7%
    for (int seed = 0; seed < seeds; seed++) {
      int tags =
          Tagger.untag(Tagger.tag(text, TAG, 0.05, new SplittableRandom(seed)), TAG).removed();
      outside += Math.abs(tags - 100) > 29 ? 1 : 0;
      total += tags;
    }

    assertThat(outside).isLessThanOrEqualTo(2);
    assertThat(total).isBetween(10_000L - 292, 10_000L + 292);
  }

  @ParameterizedTest
  @Repetitions(200)
  void removingTheTagsGivesTheTextBack(SplittableRandom random) {
    String text = randomText(random);

    String tagged = Tagger.tag(text, TAG, 0.5, random);

    assertThat(Tagger.untag(tagged, TAG).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @Repetitions(200)
  void noTagStandsBeforeTheFirstWordOrInsideAWord(SplittableRandom random) {
    String text = randomText(random);

    String tagged = Tagger.tag(text, TAG, 1, random);

    String[] words = text.strip().split("\\s+", -1);
    assertThat(Tagger.untag(tagged, TAG).removed())
        .isEqualTo(text.isBlank() ? 0 : words.length - 1);
    for (int at = tagged.indexOf(TAG); at >= 0; at = tagged.indexOf(TAG, at + 1)) {
      assertThat(tagged.substring(0, at)).isNotBlank();
      assertThat(Character.isWhitespace(tagged.charAt(at - 1))).isFalse();
      assertThat(Character.isWhitespace(tagged.charAt(at + TAG.length()))).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a TAG b | a b | 1",
        "TAG a | a | 1",
        "a TAG | a | 1",
        "aTAGb | ab | 1",
        "aTAG b | a b | 1",
        "a TAG TAG b | a b | 2",
        "TAG | \"\" | 1",
        "TAGTAG | \"\" | 2",
        "a b | a b | 0",
      })
  void literalTagsInATextAreRemovedAndCounted(String text, String clean, int removed) {
    Tagger.Untagged untagged = Tagger.untag(text.replace("TAG", TAG), TAG);

    assertThat(untagged.text()).isEqualTo(clean);
    assertThat(untagged.removed()).isEqualTo(removed);
  }

  @Test
  void aTagThatOnlyAppearsWhenAnotherIsRemovedGoesToo() {
    String nested = "<potentially un" + TAG + "safe content>";

    assertThat(Tagger.untag("a " + nested + " b", TAG)).isEqualTo(new Tagger.Untagged("a b", 2));
  }

  @Test
  void aTextThatHoldsTagsIsCleanedBeforeItIsTagged() {
    String tagged = Tagger.tag(TAG + " one " + TAG + " two", TAG, 1, new SplittableRandom(1));

    assertThat(tagged).isEqualTo("one" + TAG + " two");
  }

  @Test
  void aProbabilityAboveOneAndABlankTagAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tagger.tag("a b", TAG, 1.1, new SplittableRandom(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tagger.tag("a b", TAG, Double.NaN, new SplittableRandom(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> Tagger.untag("a b", " "));
  }

  /** Words, spaces, and pieces of the tag, but never the whole of it. */
  private static String randomText(SplittableRandom random) {
    String[] pieces = {
      "word", "été", "😀", " ", "  ", "\n\n", "\t", "<", ">", "<potentially", "unsafe content>", "."
    };
    StringBuilder text = new StringBuilder();
    int count = random.nextInt(30);
    for (int i = 0; i < count; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return Tagger.untag(text.toString(), TAG).text();
  }
}
