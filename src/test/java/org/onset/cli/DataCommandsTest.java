package org.onset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onset.cli.CommandRun.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.corpus.card.AuditSample;
import org.onset.corpus.card.LabelSheet;
import org.onset.corpus.card.SyntheticCard;

class DataCommandsTest {
  @TempDir private Path folder;
  private String one = "";
  private String other = "";

  @BeforeEach
  void writeCards() throws IOException {
    one = Files.createDirectory(folder.resolve("one")).toString();
    other = Files.createDirectory(folder.resolve("other")).toString();
    SyntheticCard.plain().write(Path.of(one));
    SyntheticCard.bare().write(Path.of(other));
  }

  @Test
  void aCardBecomesAPageBesideIt() {
    CommandRun run = run("data", "card", one);

    assertThat(run.errors()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo(Path.of(one, "card.html").toAbsolutePath() + "\n");
    assertThat(Path.of(one, "card.html")).content().contains("<h1>plain</h1>");
  }

  @Test
  void twoCardsBecomeOnePage() {
    CommandRun byDefault = run("data", "card", one, other);
    CommandRun named = run("data", "card", one, other, "--out", folder + "/new/both.html");

    assertThat(byDefault.status()).isZero();
    assertThat(Path.of(one, "card-vs-other.html")).content().contains("plain beside bare");
    assertThat(named.status()).isZero();
    assertThat(folder.resolve("new/both.html"))
        .hasSameTextualContentAs(Path.of(one, "card-vs-other.html"));
    assertThat(Path.of(one, "card.html")).doesNotExist();
  }

  @Test
  void asJsonTheCardsComeWithTheirAudits() throws IOException {
    String build = AuditSample.fingerprint(Path.of(one));
    SyntheticCard.audit(SyntheticCard.plain(), build, 1, 4).write(Path.of(one));

    CommandRun run = run("data", "card", one, other, "--json");

    assertThat(run.json().path("page").asString()).endsWith("card-vs-other.html");
    assertThat(run.json().at("/corpora/0/corpus/card/name").asString()).isEqualTo("plain");
    assertThat(run.json().at("/corpora/0/corpus/audit/atLeast/1/value").asDouble()).isEqualTo(1);
    assertThat(run.json().at("/corpora/1/corpus/audit").isNull()).isTrue();
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() throws IOException {
    Files.writeString(Path.of(other, "card.json"), "{");

    CommandRun run = run("data", "card", folder.toString(), other, "--out", "card.json");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.errors())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).startsWith("--out: must name a file that ends in"))
        .anySatisfy(line -> assertThat(line).contains("there is no card; build the corpus"))
        .anySatisfy(line -> assertThat(line).contains("card.json: is no card: "));
  }

  @Test
  void halfACardIsNone() throws IOException {
    Files.writeString(Path.of(other, "card.json"), "{\"schema\": 1, \"name\": \"half\"}");

    CommandRun run = run("data", "card", other);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("card.json: is no card: Missing creator property 'sources'");
  }

  @Test
  void labelsGoFromTheSheetToThePage() throws IOException {
    AuditSample sample =
        new AuditSample(
            AuditSample.SCHEMA,
            AuditSample.fingerprint(Path.of(one)),
            0,
            1,
            IntStream.rangeClosed(0, 5)
                .mapToObj(score -> new AuditSample.Drawn("d" + score, score, null, "text"))
                .toList());
    sample.write(Path.of(one));
    LabelSheet.write(sample, Path.of(one));
    Path filled = folder.resolve("filled.csv");
    Files.writeString(
        filled,
        Files.readString(Path.of(one).resolve(LabelSheet.FILE)).replace(",text,\n", ",text,3\n"));

    CommandRun run = run("data", "audit", one, "--labels", filled.toString());

    assertThat(run.errors()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith("6 labelled, 0 not\ntruly 1 or more, of what scores so: 100.0% (95% interval ");
    assertThat(Path.of(one, "audit.json")).exists();
    assertThat(Path.of(one, "card.html")).content().contains("id=\"table-audit\"");
  }

  @Test
  void anAuditNeedsACorpusANumberAndOneOfItsTwoHalves() {
    String sheet = folder.resolve("none.csv").toString();

    assertThat(run("data", "audit", folder.toString(), "--per-score", "3").status()).isEqualTo(2);
    assertThat(run("data", "audit", one, "--per-score", "0").errors())
        .containsExactly("--per-score: must be 1 or more, was 0");
    assertThat(run("data", "audit", one, "--per-score", "1").status()).isEqualTo(2);
    assertThat(run("data", "audit", one, "--labels", sheet).status()).isEqualTo(2);
    assertThat(run("data", "audit", one).status()).isEqualTo(2);
    assertThat(run("data", "audit", one, "--per-score", "1", "--labels", sheet).status())
        .isEqualTo(2);
    assertThat(run("data", "card").status()).isEqualTo(2);
  }
}
