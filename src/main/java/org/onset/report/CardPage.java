package org.onset.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.onset.WholeFile;
import org.onset.corpus.card.Audit;
import org.onset.corpus.card.AuditedCard;
import org.onset.corpus.card.CorpusCard;

/**
 * The Data Safety Report Card as a page: of one corpus, or of two side by side. Like a study's
 * report it is one file that asks nothing of any network, and whatever comes from a corpus (names,
 * ids, categories, texts) is shown as text.
 */
public final class CardPage {
  public static final String FILE = "card.html";

  private final List<ShownCorpus> corpora;
  private final CardPlots plots;
  private final CardTables tables;
  private final TrustTables trust;
  private final Html body = new Html();
  private final Sections sections = new Sections(body);
  private final Figures figures = new Figures();

  private CardPage(List<ShownCorpus> corpora) {
    this.corpora = corpora;
    this.plots = new CardPlots(corpora);
    this.tables = new CardTables(corpora);
    this.trust = new TrustTables(corpora, tables.numbers());
  }

  /** Writes {@code card.html} beside the card of the corpus in {@code folder}; returns its path. */
  public static Path write(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    write(of(AuditedCard.read(folder)), file);
    return file;
  }

  /** Writes a page, or replaces it as a whole. */
  public static void write(String page, Path file) {
    WholeFile.write(file, page.getBytes(StandardCharsets.UTF_8));
  }

  /** The page of one corpus. */
  public static String of(AuditedCard corpus) {
    return new CardPage(List.of(new ShownCorpus(ShownText.of(corpus.card().name()), corpus)))
        .build();
  }

  /** Two corpora side by side. */
  public static String of(AuditedCard first, AuditedCard second) {
    String one = ShownText.of(first.card().name());
    String other = ShownText.of(second.card().name());
    boolean same = one.equals(other);
    return new CardPage(
            List.of(
                new ShownCorpus(same ? one + " (1)" : one, first),
                new ShownCorpus(same ? other + " (2)" : other, second)))
        .build();
  }

  private String build() {
    streams();
    scores();
    leftOut();
    trust();
    excerpts();
    sections.open("reading", "How to read the numbers");
    body.trusted(WebPage.resource("how-to-read-a-card.html")).close("section").line();
    String title = corpora.stream().map(ShownCorpus::label).collect(Collectors.joining(" beside "));
    return WebPage.of(title, opening(title) + body.finished(), plots.data());
  }

  private void streams() {
    sections.open("streams", "Sources and streams");
    Html tokens = new Html();
    tables.sources(tokens);
    if (corpora.stream().anyMatch(corpus -> corpus.tokens() > 0)) {
      tables.tokens(tokens);
      figures.write(
          body,
          plots.tokens(),
          tables.source("tokens"),
          "Tokens by source and stream.",
          "A bar for each source; a stream named safe is grey.");
    }
    body.trusted(tokens.finished());
    tables.interventions(body);
    for (ShownCorpus corpus : corpora) {
      unmade(corpus);
      body.element("p", prefix(corpus) + tokenizer(corpus.card()), "class", "extent");
    }
    body.close("section").line();
  }

  private static String tokenizer(CorpusCard card) {
    CorpusCard.Tokens tokenizer = card.tokenizer();
    if (tokenizer == null) {
      return "No tokens were made: that is left to the study, which has its own tokenizer.";
    }
    return "Tokenizer of %s entries, SHA-256 %s. %s tokens are the tag."
        .formatted(
            Numbers.count(tokenizer.vocabSize()),
            tokenizer.fingerprint(),
            Numbers.count(tokenizer.tags()));
  }

  /** Documents that came through all filters and are in no stream. */
  private void unmade(ShownCorpus corpus) {
    CorpusCard.Interventions done = corpus.card().interventions();
    if (done.removed() > 0) {
      body.element(
          "p",
          "%sRemoved, having a score that no stream takes: %s."
              .formatted(prefix(corpus), documents(done.removed())));
    }
    done.unknownScores()
        .forEach(
            (reason, count) ->
                body.element(
                    "p",
                    "%sWithout a score from the language model (%s): %s."
                        .formatted(prefix(corpus), ShownText.of(reason), documents(count))));
  }

  private static String documents(long count) {
    return count == 1 ? "1 document" : Numbers.count(count) + " documents";
  }

  private void scores() {
    sections.open("scores", "Safety scores");
    Html written = new Html();
    tables.scores(written);
    figures.write(
        body,
        plots.scores(),
        tables.source("scores"),
        "Documents and text by score.",
        "Scores from 0, safe for everyone, to 5, as scorers or sources gave them. The scores from 1"
            + " on are drawn again on a scale of their own.");
    body.trusted(written.finished());
    tables.categories(body);
    tables.harm(body);
    body.close("section").line();
  }

  private void leftOut() {
    sections.open("left-out", "What was left out");
    tables.leftOut(body);
    tables.duplicates(body);
    boolean checked = corpora.stream().anyMatch(corpus -> corpus.card().contamination() != null);
    if (!checked) {
      body.element("p", "No evaluation suite was named, so nothing is known about contamination.");
    }
    for (ShownCorpus corpus : corpora) contamination(corpus);
    tables.contamination(body);
    body.close("section").line();
  }

  private void contamination(ShownCorpus corpus) {
    CorpusCard.Contamination found = corpus.card().contamination();
    if (found == null) return;
    long documents = ShownCorpus.sum(found.documents());
    int tooShort = found.shortPrompts().values().stream().mapToInt(Integer::intValue).sum();
    body.element(
        "p",
        "%s%s that share %d words in a row with an evaluation prompt were left out. %s to be checked."
            .formatted(
                prefix(corpus),
                documents(documents),
                found.words(),
                tooShort == 1
                    ? "1 prompt is too short"
                    : Numbers.count(tooShort) + " prompts are too short"));
  }

  private void trust() {
    sections.open("trust", "How far the scores can be believed");
    body.open("p", "class", "warning").element("b", "Mind the difference: ");
    body.text(
        "precision on labelled benchmark texts is not precision on this corpus. Of a benchmark’s"
            + " texts many are unsafe, of a corpus’s few, so more of the same scorer’s alarms are"
            + " false here. Only labels of this corpus’s own documents tell how many.");
    body.close("p").line();
    for (ShownCorpus corpus : corpora) audited(corpus);
    Html written = new Html();
    trust.audits(written);
    trust.thresholds(written);
    trust.precisions(written);
    String from = tables.numbers().number("audit-scores") > 0 ? "audit-scores" : "precisions";
    figures.write(
        body,
        plots.precision(),
        tables.source(from),
        "Precision by predicted score.",
        "The share of documents whose true score is the predicted one, with 95% intervals.");
    body.trusted(written.finished());
    body.close("section").line();
  }

  private void audited(ShownCorpus corpus) {
    Audit audit = corpus.audited().audit();
    if (audit == null) {
      body.element(
          "p",
          prefix(corpus)
              + (corpus.audited().outdated()
                  ? "An earlier build was audited; its labels say nothing of this one. Draw again with"
                      + " onset data audit."
                  : "Nobody has labelled documents of this corpus, so its scores’ precision is not"
                      + " known. onset data audit draws some to label."));
    } else if (audit.blank() > 0) {
      body.element(
          "p",
          "%s%s of the drawn documents are not labelled; if they were passed over for what they say, the shares are biased."
              .formatted(prefix(corpus), Numbers.count(audit.blank())));
    }
    if (corpus.card().scorers().isEmpty()) {
      body.element(
          "p",
          prefix(corpus)
              + "The scores come with the documents; no scorer of this build was measured.");
    }
  }

  private void excerpts() {
    if (corpora.stream().allMatch(corpus -> corpus.card().excerpts().isEmpty())) return;
    sections.open("excerpts", "Excerpts");
    body.open("p", "class", "warning").element("b", "Warning: ");
    body.text(
        "quoted as they were found. High scores stand for hate, threats and instructions for harm;"
            + " open them only if you have to. Control characters are shown as symbols.");
    body.close("p").line();
    for (ShownCorpus corpus : corpora) {
      for (int score = 0; score <= ShownCorpus.MAX_SCORE; score++) {
        excerpts(corpus, score);
      }
    }
    body.close("section").line();
  }

  private void excerpts(ShownCorpus corpus, int score) {
    List<CorpusCard.Excerpt> excerpts =
        corpus.card().excerpts().stream().filter(excerpt -> excerpt.score() == score).toList();
    if (excerpts.isEmpty()) return;
    body.open("details", "class", "samples");
    body.element("summary", "%sScore %d (%d)".formatted(prefix(corpus), score, excerpts.size()));
    for (CorpusCard.Excerpt excerpt : excerpts) {
      body.open("article", "class", "sample");
      body.open("p", "class", "setting").element("b", "score " + score);
      body.text(" · " + ShownText.of(excerpt.id())).close("p");
      body.open("div", "class", "exchange");
      body.element("p", ShownText.of(excerpt.text()) + " …", "class", "completion", "dir", "auto");
      body.close("div").close("article").line();
    }
    body.close("details").line();
  }

  private String opening(String title) {
    Html html = new Html();
    html.open("header").element("p", "Onset · data safety report card", "class", "study");
    html.element("h1", title).line();
    html.open("dl", "class", "findings plain");
    finding(html, "Holds", CardPage::holds);
    finding(html, "Unsafe", CardPage::unsafe);
    finding(html, "Left out", CardPage::missing);
    finding(html, "Precision", CardPage::precise);
    html.close("dl").close("header").line();
    sections.contents(html);
    return html.finished();
  }

  /** What is said of each corpus, under its name where there are two. */
  private void finding(Html html, String title, Function<ShownCorpus, String> said) {
    html.element("dt", title).open("dd");
    for (ShownCorpus corpus : corpora) {
      html.open("div");
      if (corpora.size() > 1) html.element("b", corpus.label()).text(": ");
      html.text(said.apply(corpus)).close("div");
    }
    html.close("dd");
  }

  private String prefix(ShownCorpus corpus) {
    return corpora.size() == 1 ? "" : corpus.label() + ": ";
  }

  private static String holds(ShownCorpus corpus) {
    CorpusCard.Amount scored = corpus.scored();
    int sources = corpus.card().sources().size();
    String tokens =
        corpus.card().tokenizer() == null
            ? ""
            : Numbers.tokens((double) corpus.tokens()) + " tokens ";
    return "%s documents, %s of text from %s; %sin %d streams."
        .formatted(
            Numbers.count(scored.documents()),
            CardCells.size(scored.bytes()),
            sources == 1 ? "1 source" : sources + " sources",
            tokens,
            corpus.card().streams().size());
  }

  private static String unsafe(ShownCorpus corpus) {
    long documents = corpus.scored().documents();
    return "%s of the documents score 1 or more, %s score 3 or more."
        .formatted(
            CardCells.share(corpus.atLeast(1).documents(), documents),
            CardCells.share(corpus.atLeast(3).documents(), documents));
  }

  private static String missing(ShownCorpus corpus) {
    long leftOut = ShownCorpus.sum(corpus.leftOut());
    return "%s of %s records (%s)."
        .formatted(
            Numbers.count(leftOut),
            Numbers.count(corpus.records()),
            CardCells.share(leftOut, corpus.records()));
  }

  private static String precise(ShownCorpus corpus) {
    Audit audit = corpus.audited().audit();
    if (audit == null) {
      return "Not known for this corpus: nobody has labelled a sample of it.";
    }
    List<String> known = new ArrayList<>();
    audit
        .atLeast()
        .forEach(
            (score, precision) -> {
              Double value = precision.value();
              Double low = precision.low();
              Double high = precision.high();
              known.add(
                  value == null || low == null || high == null
                      ? "not known for score %d or more".formatted(score)
                      : "%s (95%% interval %s) of what scores %d or more truly does"
                          .formatted(Numbers.percent(value), CardCells.interval(low, high), score));
            });
    return "By people’s labels, " + String.join("; ", known) + ".";
  }
}
