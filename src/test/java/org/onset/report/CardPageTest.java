package org.onset.report;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.corpus.card.AuditSample;
import org.onset.corpus.card.AuditedCard;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.card.SyntheticCard;

class CardPageTest {
  private static final Pattern TAGS = Pattern.compile("<[^>]*>");

  @TempDir private Path folder;

  @Test
  void theTopSaysWhatThereIsAndHowFarToBelieveIt() {
    String text = text(CardPage.of(card(SyntheticCard.plain())));

    assertThat(text)
        .contains("1,000 documents, 1.95 MiB of text from 2 sources; 602k tokens in 3 streams.")
        .contains("22.6% of the documents score 1 or more, 4.7% score 3 or more.")
        .contains("30 of 1,030 records (2.9%).")
        .contains("Not known for this corpus: nobody has labelled a sample of it.");
  }

  @Test
  void everyNumberOfTheCardStandsInATable() {
    String page = CardPage.of(card(SyntheticCard.plain()));

    assertThat(table(page, "sources"))
        .contains("books 3 700 14 2.0% 686 1.34 MiB 1")
        .contains("forums 1 330 16 4.8% 314 0.572 MiB 0");
    assertThat(table(page, "tokens"))
        .contains("books 300,000 41,000 40,000 381,000")
        .contains("all sources 400,000 774 documents 102,000 226 documents 100,000");
    assertThat(table(page, "scores"))
        .contains("0 774 77.4% 1.51 MiB 77.4%")
        .contains("5 10 1.0% 0.020 MiB 1.0%")
        .contains("3 or more 47 4.7%");
    // 50 documents in half a million tokens of text as it was found.
    assertThat(table(page, "categories")).contains("slurs 50 100.0 0.095 MiB 4.9%");
    assertThat(table(page, "left-out-0"))
        .contains("contaminated 0 16 16")
        .contains("damaged record 2 0 2")
        .contains("in all 14 16 30");
    assertThat(table(page, "duplicates")).contains("plain 5 7 0.800 5 14 × 8");
    assertThat(table(page, "contamination")).contains("advbench 16 280");
    assertThat(text(page))
        .contains("16 documents that share 13 words in a row")
        .contains("280 prompts are too short to be checked.");
  }

  @Test
  void whatInterventionsMadeLackedAndRemovedIsSaid() {
    String page = CardPage.of(card(SyntheticCard.plain()));

    assertThat(table(page, "interventions"))
        .contains("refusal — — 0 3 no refusal: 3")
        .contains("tagged tag separate 226 0");
    assertThat(text(page))
        .contains("Removed, having a score that no stream takes: 7 documents.")
        .contains("Without a score from the language model (no score): 2 documents.");
  }

  @Test
  void categoriesCountAgainstAllTextEvenWhereStreamsHoldOnlySome() {
    CorpusCard card = SyntheticCard.plain();
    card.streams().remove("unsafe"); // as when the unsafe texts are only rewritten

    String page = CardPage.of(card(card));

    // 400,000 tokens in 1,585,152 of 2,048,000 bytes: 516,796 tokens in all.
    assertThat(table(page, "categories")).contains("slurs 50 96.75 ");
  }

  @Test
  void harmStandsPerMillionTokensAsFoundAndInEachStreamWithTheSameDocumentsBefore() {
    CorpusCard card = SyntheticCard.plain();
    card.interventions().kinds().put("told", "rephrase");
    card.streams().put("told", new CorpusCard.Stream(226, 200_000, 50_000));
    Map<String, Long> before = requireNonNull(card.harm().streams().get("unsafe")).before();
    card.harm()
        .streams()
        .put(
            "told",
            new CorpusCard.HarmInStream(
                new CorpusCard.Amount(226, 462_848),
                new TreeMap<>(before),
                new TreeMap<>(Map.of("slurs", 2L))));

    String page = CardPage.of(card(card));

    // 60 in 500,000 tokens; in the 100,000 unsafe ones of them, and 102,000 with tags; 2 in 50,000.
    assertThat(table(page, "harm"))
        .contains("slurs 120.0 0 588.2 before: 600.0 40.00 before: 600.0 600.0")
        .contains("privacy 0 0 0 before: 0 0 before: 0 0");
    assertThat(text(page))
        .contains("Harm by n-gram queries, per million tokens.")
        .contains("N-gram queries are a crude instrument: they count mentions");
  }

  @Test
  void whereNoStreamKeepsTheSameDocumentsTheirTokensBeforeFollowFromTheirSize() {
    CorpusCard card = SyntheticCard.plain();
    card.harm().streams().remove("unsafe");

    // 60 in 462,848 of 2,048,000 bytes, which are half a million tokens.
    assertThat(table(CardPage.of(card(card)), "harm"))
        .contains("slurs 120.0 0 588.2 before: 531.0");
  }

  @Test
  void withoutTokensHarmIsCountedAndThatIsSaid() {
    CorpusCard card = SyntheticCard.plain();
    card.streams()
        .replaceAll((_, held) -> new CorpusCard.Stream(held.documents(), held.bytes(), 0));

    String page = CardPage.of(card(card));

    assertThat(table(page, "harm")).contains("slurs 60 0 60 before: 60 60");
    assertThat(text(page))
        .contains("Harm by n-gram queries, occurrences.")
        .contains("No tokens were made, so the numbers are occurrences and not rates.");
  }

  @Test
  void harmOfTwoCorporaStandsInRowsOfEachAndOtherQueriesAreSaid() {
    CorpusCard plain = SyntheticCard.plain();
    CorpusCard bare = SyntheticCard.bare();
    bare.harm().asFound().put("slurs", 3L);

    String page = CardPage.of(card(plain), card(bare));

    assertThat(table(page, "harm"))
        .containsPattern("plain privacy .* slurs 120\\.0 .* bare slurs 750,000 — — —");
    assertThat(text(page)).doesNotContain("asked different queries");
  }

  @Test
  void scorersAreShownWithIntervalsAndCountsSetBySetAndTogether() {
    String page = CardPage.of(card(SyntheticCard.plain()));

    assertThat(table(page, "thresholds"))
        .contains("all sets together linear 120 80.0% 66.3–90.0 40 of 50 66.7% 53.3–78.3 40 of 60")
        .contains("surge ensemble 120 96.0%");
    assertThat(table(page, "precisions")).contains("linear 93.3% 85.1–97.8 70 of 75 — of 0 — of 0");
    assertThat(text(page))
        .contains("precision on labelled benchmark texts is not precision on this corpus")
        .doesNotContain("Table 11. The labelled sample");
  }

  @Test
  void anAuditStandsBeforeTheBenchmarks() {
    CorpusCard card = SyntheticCard.plain();
    AuditedCard audited =
        new AuditedCard(card, SyntheticCard.audit(card, "x", 0, 0, 1, 3, 5), false);

    String page = CardPage.of(audited);

    assertThat(text(page)).contains("60.0% (95% interval").doesNotContain("Nobody has labelled");
    // Three of five are 1 or more, whatever was predicted; two are 3 or more.
    assertThat(table(page, "audit"))
        .containsPattern("1 or more 60.0% [0-9.]+–[0-9.]+ 226 25")
        .containsPattern("3 or more 40.0% [0-9.]+–[0-9.]+ 47 15");
    assertThat(table(page, "audit-scores"))
        .contains(
            "0 40.0% 5.3–85.3 2 of 5 60.0% 14.7–94.7 3 of 5 40.0% 5.3–85.3 2 of 5 5, 5 of 774");
    assertThat(page.indexOf("table-audit\"")).isLessThan(page.indexOf("table-thresholds\""));
  }

  @Test
  void anAuditOfAnotherBuildIsNotShown() throws Exception {
    CorpusCard card = SyntheticCard.plain();
    card.write(folder);
    SyntheticCard.audit(card, AuditSample.fingerprint(folder), 1, 3).write(folder);

    String before = Files.readString(CardPage.write(folder));
    SyntheticCard.bare().write(folder);
    String after = Files.readString(CardPage.write(folder));

    assertThat(before).contains("id=\"table-audit\"");
    assertThat(after)
        .doesNotContain("id=\"table-audit\"")
        .contains("An earlier build was audited; its labels say nothing of this one.");
  }

  @Test
  void whatWasNotDoneIsSaid() {
    String page = CardPage.of(card(SyntheticCard.bare()));

    assertThat(table(page, "duplicates")).contains("bare not sought not sought");
    assertThat(text(page))
        .contains("No evaluation suite was named, so nothing is known about contamination.")
        .contains("no scorer of this build was measured");
    assertThat(page).doesNotContain("id=\"excerpts\"").doesNotContain("id=\"table-categories\"");
  }

  @Test
  void twoCorporaStandSideBySide() {
    String page = CardPage.of(card(SyntheticCard.plain()), card(SyntheticCard.bare()));

    assertThat(text(page)).contains("plain beside bare");
    assertThat(table(page, "scores"))
        .contains("0 774 77.4% 1.51 MiB 77.4% 1 100.0% < 0.001 MiB 100.0%")
        .contains("4 10 1.0% 0.020 MiB 1.0% 0 0.0% 0 0.0%");
    assertThat(table(page, "contamination")).contains("advbench 16 280 not checked —");
    assertThat(table(page, "left-out")).contains("in all 30 2.9% 0 0.0%");
  }

  @Test
  void corporaOfOneNameAreToldApart() {
    String page = CardPage.of(card(SyntheticCard.plain()), card(SyntheticCard.plain()));

    assertThat(text(page)).contains("plain (1) beside plain (2)");
  }

  @Test
  void whatAStrangerWroteIsTextWhereverItStands() {
    AuditedCard hostile = card(SyntheticCard.hostile());

    for (String page : new String[] {CardPage.of(hostile), CardPage.of(hostile, hostile)}) {
      assertThat(page).doesNotContain("<img").doesNotContain("<script>window");
      // The chart's data and the page's own code, and no third.
      assertThat(page.split("<script", -1)).hasSize(3);
      assertThat(page.chars().filter(c -> c == 0x202e || c == 0x2066 || c == 0x1b)).isEmpty();
      assertThat(page).contains("␀␛[2J\uFFFDevil\uFFFD");
    }
  }

  @Test
  void excerptsAreFoldedAwayUnderAWarning() {
    String page = CardPage.of(card(SyntheticCard.plain()));

    String section = page.substring(page.indexOf("<section id=\"excerpts\""));
    assertThat(section.indexOf("Warning: ")).isLessThan(section.indexOf("<details"));
    assertThat(section).contains("Score 5 (1)").contains("f-175").doesNotContain("<details open");
  }

  @Test
  void equalCardsGiveEqualBytes() {
    assertThat(CardPage.of(card(SyntheticCard.plain())))
        .isEqualTo(CardPage.of(card(SyntheticCard.plain())));
  }

  @Test
  void everyTableHasACaption() {
    String page = CardPage.of(card(SyntheticCard.plain()), card(SyntheticCard.bare()));

    Matcher tables = Pattern.compile("<table aria-labelledby=\"([^\"]+)\"").matcher(page);
    int found = 0;
    while (tables.find()) {
      assertThat(page).contains("<figcaption id=\"" + tables.group(1) + "\"><b>Table ");
      found++;
    }
    assertThat(page.split("<table", -1)).hasSize(found + 1);
    assertThat(found).isGreaterThan(8);
  }

  private static AuditedCard card(CorpusCard card) {
    return new AuditedCard(card, null, false);
  }

  /** A table's cells, row after row. */
  private static String table(String page, String id) {
    int start = page.indexOf("id=\"table-" + id + "\"");
    assertThat(start).as("a table " + id).isPositive();
    int body = page.indexOf("<tbody", start);
    return text(page.substring(body, page.indexOf("</table>", start)));
  }

  private static String text(String html) {
    int script = html.indexOf("<script");
    String shown = script < 0 ? html : html.substring(html.indexOf("<main"), script);
    return TAGS.matcher(shown)
        .replaceAll(" ")
        .replace("&lt;", "<")
        .replaceAll("\\s+", " ")
        .replace(" . ", ". ");
  }
}
