package org.onset.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.onset.corpus.card.Audit;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.card.CorpusCard.Quality;

/** How far a card's scores can be believed, as tables: by people's labels, and on labelled sets. */
final class TrustTables {
  private static final List<Integer> THRESHOLDS = Audit.THRESHOLDS;

  private final List<ShownCorpus> corpora;
  private final NumberedTables tables;

  TrustTables(List<ShownCorpus> corpora, NumberedTables tables) {
    this.corpora = corpora;
    this.tables = tables;
  }

  /** Precision over the corpus, and what people say of each score. */
  void audits(Html html) {
    List<ShownCorpus> audited =
        corpora.stream().filter(corpus -> corpus.audited().audit() != null).toList();
    if (audited.isEmpty()) return;
    tables.write(
        html,
        "audit",
        "Precision in this corpus, by people who read a sample",
        "Of the corpus’s documents with a score or more, the share that truly has it: the shares in"
            + " the labelled samples, weighted by how many documents have each score. Percent, with"
            + " 95% intervals.",
        table -> {
          NumberedTables.header(
              table, "Score", List.of("Precision", "Documents", "Labelled"), "number");
          byCorpus(table, audited, 4, this::precision);
        },
        _ -> {});
    tables.write(
        html,
        "audit-scores",
        "The labelled sample, by predicted score",
        "Percent of the labelled documents, with Clopper–Pearson 95% intervals.",
        table -> {
          NumberedTables.header(
              table,
              "Predicted score",
              List.of("Truly the same", "Truly 1 or more", "Truly 3 or more", "Labelled, drawn"),
              "number");
          byCorpus(table, audited, 5, this::ofScores);
        },
        _ -> {});
  }

  private void precision(Html table, ShownCorpus corpus) {
    Audit audit = corpus.audited().audit();
    if (audit == null) return;
    audit
        .atLeast()
        .forEach(
            (score, precision) -> {
              CardTables.row(table, score + " or more");
              Double value = precision.value();
              Double low = precision.low();
              Double high = precision.high();
              if (value == null || low == null || high == null) {
                NumberedTables.number(table, "—", whyNot(precision));
              } else {
                CardCells.estimate(table, value, low, high, "");
              }
              CardCells.count(table, precision.documents());
              CardCells.count(table, precision.labelled());
              table.close("tr").line();
            });
  }

  private static String whyNot(Audit.Precision precision) {
    return precision.unlabelled().isEmpty()
        ? "no such document"
        : "none labelled of score "
            + String.join(", ", precision.unlabelled().stream().map(String::valueOf).toList());
  }

  private void ofScores(Html table, ShownCorpus corpus) {
    Audit audit = corpus.audited().audit();
    if (audit == null) return;
    audit
        .scores()
        .forEach(
            (score, ofScore) -> {
              CardTables.row(table, String.valueOf(score));
              CardCells.rate(table, ofScore.same());
              CardCells.rate(table, ofScore.atLeastOne());
              CardCells.rate(table, ofScore.atLeastThree());
              NumberedTables.number(
                  table,
                  Numbers.count(ofScore.labelled()) + ", " + Numbers.count(ofScore.drawn()),
                  "of " + Numbers.count(ofScore.documents()));
              table.close("tr").line();
            });
  }

  /** Recall and precision on the labelled texts held out of the scorers' training. */
  void thresholds(Html html) {
    if (unmeasured()) return;
    tables.write(
        html,
        "thresholds",
        "Recall and precision on labelled benchmark texts",
        "Of texts truly at the score or more, the share found; of texts predicted so, the share"
            + " truly so. Percent, with 95% intervals and the counts. Held out of training.",
        table -> {
          List<String> columns = new ArrayList<>(List.of("Texts"));
          for (int threshold : THRESHOLDS) {
            columns.add("recall at ≥ " + threshold);
            columns.add("precision at ≥ " + threshold);
          }
          NumberedTables.header(table, "Scorer", columns, "number");
          bySet(
              table,
              columns.size() + 1,
              quality -> {
                CardCells.count(table, quality.documents());
                for (int threshold : THRESHOLDS) {
                  CorpusCard.AtLeast atLeast = quality.atLeast().get(threshold);
                  CardCells.rate(table, atLeast == null ? null : atLeast.recall());
                  CardCells.rate(table, atLeast == null ? null : atLeast.precision());
                }
              });
        },
        _ -> {});
  }

  /** Precision of each predicted score on the same texts. */
  void precisions(Html html) {
    if (unmeasured()) return;
    tables.write(
        html,
        "precisions",
        "Precision by predicted score on labelled benchmark texts",
        "Of texts predicted to have the score, the share whose true score is the same. A set that"
            + " knows two scores only can call no other right.",
        table -> {
          List<String> columns = new ArrayList<>();
          for (int score = 0; score <= ShownCorpus.MAX_SCORE; score++) {
            columns.add("score " + score);
          }
          NumberedTables.header(table, "Scorer", columns, "number");
          bySet(
              table,
              columns.size() + 1,
              quality -> {
                for (int score = 0; score <= ShownCorpus.MAX_SCORE; score++) {
                  CardCells.rate(table, quality.precisionAt().get(score));
                }
              });
        },
        _ -> {});
  }

  private boolean unmeasured() {
    return corpora.stream().allMatch(corpus -> corpus.qualities().isEmpty());
  }

  /** A group of rows for each labelled set of each corpus, all sets together first. */
  private void bySet(Html table, int columns, Consumer<Quality> cells) {
    for (ShownCorpus corpus : corpora) {
      LinkedHashSet<String> sets = new LinkedHashSet<>();
      corpus.qualities().forEach(quality -> sets.add(quality.set()));
      for (String set : sets) {
        table.open("tbody");
        String shown = set.equals(CorpusCard.Quality.ALL_SETS) ? "all sets together" : set;
        CardCells.group(
            table, corpora.size() == 1 ? shown : corpus.label() + ": " + shown, columns);
        for (Quality quality : corpus.qualities()) {
          if (quality.set().equals(set)) {
            CardTables.row(table, quality.scorer());
            cells.accept(quality);
            table.close("tr").line();
          }
        }
        table.close("tbody");
      }
    }
  }

  private interface Rows {
    void write(Html table, ShownCorpus corpus);
  }

  private void byCorpus(Html table, List<ShownCorpus> shown, int columns, Rows rows) {
    for (ShownCorpus corpus : shown) {
      table.open("tbody");
      if (corpora.size() > 1) CardCells.group(table, corpus.label(), columns);
      rows.write(table, corpus);
      table.close("tbody");
    }
  }
}
