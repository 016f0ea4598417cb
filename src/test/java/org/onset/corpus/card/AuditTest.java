package org.onset.corpus.card;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;

/** From a drawn sample over a sheet that people fill in to what it says of the corpus. */
class AuditTest {
  private static final List<AuditSample.Drawn> DRAWN =
      List.of(
          new AuditSample.Drawn("a", 0, null, "A text, with \"quotes\"\nand lines."),
          new AuditSample.Drawn("b", 0, null, "Plain."),
          new AuditSample.Drawn("=HYPERLINK(1)", 3, "-slurs", "@SUM(1)"),
          new AuditSample.Drawn("d", 3, "slurs", "bell \u0007 rings"),
          new AuditSample.Drawn("é,ü", 5, "threats", "+1"));

  @TempDir private Path folder;
  private CorpusCard card;
  private AuditSample sample;
  private Path sheet;

  AuditTest() {
    TreeMap<Integer, CorpusCard.Amount> scores = new TreeMap<>();
    scores.put(0, new CorpusCard.Amount(900, 1));
    scores.put(3, new CorpusCard.Amount(75, 1));
    scores.put(5, new CorpusCard.Amount(25, 1));
    CorpusCard bare = SyntheticCard.bare();
    card =
        new CorpusCard(
            bare.schema(),
            bare.name(),
            bare.sources(),
            scores,
            bare.categories(),
            bare.harm(),
            bare.streams(),
            bare.tokens(),
            bare.tokenizer(),
            null,
            null,
            SyntheticCard.NO_INTERVENTIONS,
            List.of(),
            List.of());
    sample = new AuditSample(AuditSample.SCHEMA, "", 0, 2, DRAWN);
    sheet = Path.of("");
  }

  @BeforeEach
  void draw() throws IOException {
    card.write(folder);
    sample = new AuditSample(AuditSample.SCHEMA, AuditSample.fingerprint(folder), 7, 2, DRAWN);
    sheet = folder.resolve(LabelSheet.FILE);
    LabelSheet.write(sample, folder);
    sample.write(folder);
  }

  @Test
  void theSheetHasARowForEachAndNoFormula() {
    assertThat(sheet)
        .content()
        .isEqualTo(
            """
            id,score,category,text,true_score
            a,0,,"A text, with ""quotes""
            and lines.",
            b,0,,Plain.,
            '=HYPERLINK(1),3,'-slurs,'@SUM(1),
            d,3,slurs,bell \uFFFD rings,
            "é,ü",5,threats,'+1,
            """);
  }

  @Test
  void theSampleComesBackAsItWasDrawn() throws IOException {
    assertThat(AuditSample.read(folder)).isEqualTo(sample);
  }

  @Test
  void whatPeopleFilledInComesBackHoweverTheirSpreadsheetSavesIt() throws IOException {
    Files.writeString(
        sheet,
        "\uFEFFtrue_score,note,score,id\r\n4,,5,\"é,ü\"\r\n,,3,d\r\n,,,\r\n 0 ,so,3,'=HYPERLINK(1)\r\n\r\n");

    Map<AuditSample.Drawn, Integer> labels = LabelSheet.read(sheet, sample);

    assertThat(labels).containsOnly(Map.entry(DRAWN.get(4), 4), Map.entry(DRAWN.get(2), 0));
    assertThat(Audit.of(card, sample, labels).blank()).isEqualTo(3);
  }

  @Test
  void allThatIsWrongIsSaidAtOnceWithItsLine() throws IOException {
    Files.writeString(
        sheet,
        """
        id,score,text,true_score
        a,0,"two
        lines",6
        nobody,0,x,1
        b,1,x,0
        a,0,x,1
        d,3,a, comma,0
        d,3,x,three
        "é,ü",5,"never ends,1
        """);

    assertThatThrownBy(() -> LabelSheet.read(sheet, sample))
        .isInstanceOf(BadInput.class)
        .extracting(e -> String.join("\n", ((BadInput) e).problems()))
        .asString()
        .contains(
            sheet + ":2: true_score must be a whole number from 0 to 5, or empty, was '6'",
            sheet + ":4: no document 'nobody' was drawn",
            sheet + ":5: score must stay 0, as 'b' was drawn with, was '1'",
            sheet + ":6: document 'a' stands in line 2 already",
            sheet + ":7: has 5 cells, the header has 4",
            sheet + ":8: true_score must be a whole number from 0 to 5, or empty, was 'three'",
            sheet + ":9: the row that begins here is damaged");
  }

  @Test
  void aFileThatIsNoSheetIsRefused() throws IOException {
    assertRefused(
        () -> LabelSheet.read(folder.resolve("none.csv"), sample), "there is no such file");
    assertRefused(() -> LabelSheet.read(sheet, sample), "no row has a true_score");
    Files.writeString(sheet, "");
    assertRefused(() -> LabelSheet.read(sheet, sample), "is empty");
    Files.writeString(sheet, "id;score;true_score\na;0;1\n");
    assertRefused(() -> LabelSheet.read(sheet, sample), "separated by commas");
    Files.write(sheet, "id,score,true_score\né,0,1\n".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(() -> LabelSheet.read(sheet, sample), "is not UTF-8");
  }

  @Test
  void aSheetThatSomeoneBeganToFillInIsNotWrittenOver() throws IOException {
    LabelSheet.write(sample, folder); // nothing is filled in yet
    String begun = Files.readString(sheet).replace("Plain.,", "Plain.,0");
    Files.writeString(sheet, begun);

    assertRefused(() -> LabelSheet.write(sample, folder), "someone has begun to label it");
    assertThat(sheet).content().isEqualTo(begun);
    Files.writeString(sheet, begun + "\"");
    assertRefused(() -> LabelSheet.write(sample, folder), "someone has begun to label it");
  }

  @Test
  void aSampleOfAnotherBuildIsRefused() throws IOException {
    SyntheticCard.plain().write(folder);

    assertRefused(() -> AuditSample.read(folder), "the corpus was built anew");
    assertRefused(() -> AuditSample.read(folder.resolve("none")), "nothing was drawn yet");
  }

  @Test
  void eachPredictedScoreHasItsSharesAndTheCorpusTheirWeightedMean() {
    Audit audit =
        Audit.of(
            card,
            sample,
            Map.of(
                DRAWN.get(0),
                0,
                DRAWN.get(1),
                1,
                DRAWN.get(2),
                3,
                DRAWN.get(3),
                0,
                DRAWN.get(4),
                4));

    assertThat(audit.scores().keySet()).containsExactly(0, 3, 5);
    assertThat(requireNonNull(audit.scores().get(0)).same())
        .satisfies(rate -> assertThat(requireNonNull(rate).hits()).isEqualTo(1));
    Audit.OfScore five = requireNonNull(audit.scores().get(5));
    assertThat(requireNonNull(five.same()).hits()).isZero();
    assertThat(requireNonNull(five.atLeastThree()).hits()).isEqualTo(1);
    // 75 documents of score 3 of which half are, 25 of score 5 of which all are.
    for (int threshold : Audit.THRESHOLDS) {
      Audit.Precision precision = requireNonNull(audit.atLeast().get(threshold));
      assertThat(precision.documents()).isEqualTo(100);
      assertThat(precision.labelled()).isEqualTo(3);
      assertThat(requireNonNull(precision.value())).isCloseTo(0.625, within(1e-12));
      assertThat(requireNonNull(precision.low())).isLessThan(0.5);
      assertThat(requireNonNull(precision.high())).isGreaterThan(0.9);
    }
  }

  @Test
  void aScoreThatNobodyLabelledLeavesThePrecisionUnknown() {
    Audit audit = Audit.of(card, sample, Map.of(DRAWN.get(2), 3));

    Audit.Precision precision = requireNonNull(audit.atLeast().get(1));
    assertThat(precision.value()).isNull();
    assertThat(precision.unlabelled()).containsExactly(5);
    assertThat(requireNonNull(audit.scores().get(0)).same()).isNull();
  }

  @Test
  void anAuditIsReadBackBesideItsCard() throws IOException {
    Audit audit = Audit.of(card, sample, Map.of(DRAWN.get(2), 3, DRAWN.get(4), 0));
    audit.write(folder);

    AuditedCard read = AuditedCard.read(folder);

    assertThat(read.audit()).isEqualTo(audit);
    assertThat(read.outdated()).isFalse();
    Files.writeString(folder.resolve(Audit.FILE), "{");
    assertRefused(() -> AuditedCard.read(folder), "is no audit");
  }

  private static void assertRefused(ThrowingCallable call, String because) {
    assertThatThrownBy(call).isInstanceOf(BadInput.class).hasMessageContaining(because);
  }
}
