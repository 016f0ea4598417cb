package org.onset.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.card.CorpusCard.Amount;

/** What a card counts, as tables; with two corpora each has its own columns, or group of rows. */
final class CardTables {
  private final List<ShownCorpus> corpora;
  private final NumberedTables tables = new NumberedTables();

  CardTables(List<ShownCorpus> corpora) {
    this.corpora = corpora;
  }

  NumberedTables numbers() {
    return tables;
  }

  /** The table's id and its number, for the figure that draws it. */
  Figures.Source source(String id) {
    return new Figures.Source(id, tables.number(id));
  }

  void sources(Html html) {
    List<String> columns =
        List.of("Files", "Records", "Left out", "Documents kept", "Text", "Tags taken out");
    write(
        html,
        "sources",
        "Sources",
        "Records are documents and damaged records. Text, in UTF-8, is what filters let pass, repeated documents included. A tag that stood in a text was taken out of it.",
        table -> {
          NumberedTables.header(table, "Source", columns, "number");
          byCorpus(
              table,
              columns.size() + 1,
              corpus -> {
                for (CorpusCard.Source source : corpus.card().sources()) {
                  long leftOut = ShownCorpus.sum(ShownCorpus.leftOut(source));
                  row(table, source.name());
                  CardCells.count(table, source.files());
                  CardCells.count(table, source.records());
                  NumberedTables.number(
                      table, Numbers.count(leftOut), CardCells.share(leftOut, source.records()));
                  // Duplicates are found among what the source's own filters keep.
                  long kept = source.records() - leftOut;
                  CardCells.count(table, kept);
                  CardCells.text(table, CardCells.size(source.kept().bytes()));
                  CardCells.count(table, source.tags());
                  table.close("tr").line();
                }
              });
        });
  }

  void tokens(Html html) {
    List<String> streams = union(corpus -> corpus.card().streams().keySet());
    List<String> columns = new ArrayList<>(streams.stream().map(ShownText::of).toList());
    columns.add("all streams");
    write(
        html,
        "tokens",
        "Tokens by source and stream",
        "The end of each document counts as a token. Texts that are tagged or rewritten stand in"
            + " their own streams and as they were found.",
        table -> {
          NumberedTables.header(table, "Source", columns, "number");
          byCorpus(
              table,
              columns.size() + 1,
              corpus -> {
                CorpusCard card = corpus.card();
                card.tokens()
                    .forEach(
                        (source, ofSource) -> {
                          row(table, source);
                          for (String stream : streams) {
                            CardCells.count(table, ofSource.getOrDefault(stream, 0L));
                          }
                          CardCells.count(table, ShownCorpus.sum(ofSource));
                          table.close("tr").line();
                        });
                row(table, "all sources");
                for (String stream : streams) {
                  CorpusCard.Stream held = card.streams().get(stream);
                  NumberedTables.number(
                      table,
                      held == null ? "0" : Numbers.count(held.tokens()),
                      held == null ? "" : Numbers.count(held.documents()) + " documents");
                }
                CardCells.count(table, corpus.tokens());
                table.close("tr").line();
              });
        });
  }

  /** What each stream's rule did, and where it failed. */
  void interventions(Html html) {
    List<String> streams =
        union(
            corpus -> {
              TreeSet<String> all = new TreeSet<>(corpus.card().streams().keySet());
              all.addAll(corpus.card().interventions().kinds().keySet());
              all.addAll(corpus.card().interventions().failed().keySet());
              return all;
            });
    write(
        html,
        "interventions",
        "What was made of the documents",
        "Failed: documents that the stream should hold and doesn’t, and why. Packing: whether"
            + " documents are to be joined to fill a sequence, or to have one each (separate).",
        table -> {
          header(table, "Stream", List.of("rule", "packing", "documents", "failed"));
          table.open("tbody");
          for (String stream : streams) {
            row(table, stream);
            for (ShownCorpus corpus : corpora) {
              CorpusCard.Interventions done = corpus.card().interventions();
              CorpusCard.Stream held = corpus.card().streams().get(stream);
              CardCells.text(table, ShownText.of(done.kinds().getOrDefault(stream, "—")));
              CardCells.text(table, ShownText.of(done.packing().getOrDefault(stream, "—")));
              CardCells.count(table, held == null ? 0 : held.documents());
              failed(table, done.failed().get(stream));
            }
            table.close("tr").line();
          }
          table.close("tbody");
        });
  }

  private static void failed(Html table, @Nullable SortedMap<String, Long> reasons) {
    if (reasons == null || reasons.isEmpty()) {
      CardCells.count(table, 0);
      return;
    }
    NumberedTables.number(
        table,
        Numbers.count(ShownCorpus.sum(reasons)),
        reasons.entrySet().stream()
            .map(reason -> ShownText.of(reason.getKey()) + ": " + Numbers.count(reason.getValue()))
            .collect(Collectors.joining("; ")));
  }

  void scores(Html html) {
    write(
        html,
        "scores",
        "Documents by score",
        "As they were found, before anything was made of them.",
        table -> {
          header(table, "Score", List.of("documents", "of all", "text", "of all"));
          table.open("tbody");
          for (int score = 0; score <= ShownCorpus.MAX_SCORE; score++) {
            row(table, String.valueOf(score));
            for (ShownCorpus corpus : corpora)
              amount(table, corpus.ofScore(score), corpus.scored());
            table.close("tr").line();
          }
          table.close("tbody").open("tbody");
          for (int score : List.of(1, 3)) {
            row(table, score + " or more");
            for (ShownCorpus corpus : corpora)
              amount(table, corpus.atLeast(score), corpus.scored());
            table.close("tr").line();
          }
          table.close("tbody");
        });
  }

  void categories(Html html) {
    List<String> categories = union(corpus -> corpus.card().categories().keySet());
    if (categories.isEmpty()) return;
    write(
        html,
        "categories",
        "Categories",
        "The main reason for a score above 0, where the scorer knows one. Documents for each million"
            + " tokens of all text as it was found.",
        table -> {
          header(table, "Category", List.of("documents", "per million tokens", "text", "of all"));
          table.open("tbody");
          for (String category : categories) {
            row(table, category);
            for (ShownCorpus corpus : corpora) {
              Amount amount = corpus.card().categories().getOrDefault(category, new Amount(0, 0));
              CardCells.count(table, amount.documents());
              CardCells.text(
                  table, CardCells.perMillion(amount.documents(), corpus.tokensAsFound()));
              CardCells.text(table, CardCells.size(amount.bytes()));
              CardCells.text(table, CardCells.share(amount.bytes(), corpus.scored().bytes()));
            }
            table.close("tr").line();
          }
          table.close("tbody");
        });
  }

  /** What n-gram queries find: as it was found, and in each stream. */
  void harm(Html html) {
    if (corpora.stream().allMatch(corpus -> corpus.card().harm().asFound().isEmpty())) return;
    List<String> streams = union(corpus -> corpus.card().harm().streams().keySet());
    List<String> columns = new ArrayList<>(List.of("as found"));
    columns.addAll(streams.stream().map(ShownText::of).toList());
    boolean counts = corpora.stream().allMatch(corpus -> corpus.tokens() == 0);
    write(
        html,
        "harm",
        "Harm by n-gram queries, " + (counts ? "occurrences" : "per million tokens"),
        harmRemarks(),
        table -> {
          NumberedTables.header(table, "Category", columns, "number");
          byCorpus(
              table,
              columns.size() + 1,
              corpus ->
                  corpus
                      .card()
                      .harm()
                      .asFound()
                      .forEach(
                          (category, found) -> {
                            row(table, category);
                            CardCells.text(table, frequency(corpus, found, corpus.tokensAsFound()));
                            for (String stream : streams) harm(table, corpus, stream, category);
                            table.close("tr").line();
                          }));
        });
  }

  private static void harm(Html table, ShownCorpus corpus, String stream, String category) {
    CorpusCard.HarmInStream harm = corpus.card().harm().streams().get(stream);
    CorpusCard.Stream held = corpus.card().streams().get(stream);
    if (harm == null || held == null) {
      CardCells.text(table, "—");
      return;
    }
    String after =
        frequency(corpus, harm.after().getOrDefault(category, 0L), (double) held.tokens());
    String before =
        frequency(corpus, harm.before().getOrDefault(category, 0L), corpus.tokensBefore(harm));
    NumberedTables.number(table, after, corpus.changesTexts(stream) ? "before: " + before : "");
  }

  /** For each million tokens; without a tokenizer the count itself. */
  private static String frequency(ShownCorpus corpus, long count, double tokens) {
    return corpus.tokens() == 0 || count == 0
        ? Numbers.count(count)
        : CardCells.perMillion(count, tokens);
  }

  private String harmRemarks() {
    StringBuilder remarks =
        new StringBuilder(
            "Where a stream changes texts, the number beneath is that of the same documents before."
                + " N-gram queries are a crude instrument: they count mentions, in news, law and"
                + " medicine too. Compare before with after by them; they don’t say how harmful a"
                + " text is.");
    for (ShownCorpus corpus : corpora) {
      if (corpus.tokens() == 0) {
        remarks.append(
            corpora.size() == 1
                ? " No tokens were made, so the numbers are occurrences and not rates."
                : " For %s no tokens were made, so its numbers are occurrences and not rates."
                    .formatted(corpus.label()));
      }
    }
    if (corpora.stream().map(corpus -> corpus.card().harm().queries()).distinct().count() > 1) {
      remarks.append(" The corpora were asked different queries, so their numbers don’t compare.");
    }
    return remarks.toString();
  }

  /** Reasons and their counts: by source, and by corpus where there are two. */
  void leftOut(Html html) {
    if (corpora.size() > 1) {
      write(
          html,
          "left-out",
          "What was left out, by reason",
          "Records, and of how many in percent.",
          table -> {
            List<String> reasons = union(corpus -> corpus.leftOut().keySet());
            header(table, "Reason", List.of("records", "of all"));
            table.open("tbody");
            for (String reason : reasons) {
              row(table, reason);
              for (ShownCorpus corpus : corpora) {
                leftOut(table, corpus.leftOut().getOrDefault(reason, 0L), corpus);
              }
              table.close("tr").line();
            }
            table.close("tbody").open("tbody");
            row(table, "in all");
            for (ShownCorpus corpus : corpora) {
              leftOut(table, ShownCorpus.sum(corpus.leftOut()), corpus);
            }
            table.close("tr").close("tbody");
          });
    }
    for (int i = 0; i < corpora.size(); i++) {
      leftOutBySource(html, "left-out-" + i, corpora.get(i));
    }
  }

  private static void leftOut(Html table, long count, ShownCorpus corpus) {
    CardCells.count(table, count);
    CardCells.text(table, CardCells.share(count, corpus.records()));
  }

  private void leftOutBySource(Html html, String id, ShownCorpus corpus) {
    SortedMap<String, Long> all = corpus.leftOut();
    if (all.isEmpty()) return;
    List<CorpusCard.Source> sources = corpus.card().sources();
    List<SortedMap<String, Long>> bySource = sources.stream().map(ShownCorpus::leftOut).toList();
    List<String> columns =
        new ArrayList<>(sources.stream().map(source -> ShownText.of(source.name())).toList());
    columns.add("all sources");
    write(
        html,
        id,
        "What was left out, by reason and source"
            + (corpora.size() == 1 ? "" : ": " + corpus.label()),
        "Records.",
        table -> {
          NumberedTables.header(table, "Reason", columns, "number");
          table.open("tbody");
          all.forEach(
              (reason, count) -> {
                row(table, reason);
                bySource.forEach(of -> CardCells.count(table, of.getOrDefault(reason, 0L)));
                CardCells.count(table, count);
                table.close("tr").line();
              });
          table.close("tbody").open("tbody");
          row(table, "in all");
          bySource.forEach(of -> CardCells.count(table, ShownCorpus.sum(of)));
          CardCells.count(table, ShownCorpus.sum(all));
          table.close("tr").close("tbody");
        });
  }

  void duplicates(Html html) {
    write(
        html,
        "duplicates",
        "Repeated documents",
        "Near duplicates are found by MinHash with as many bands of as many rows, and compared"
            + " afterwards: they go where their Jaccard similarity reaches the threshold.",
        table -> {
          NumberedTables.header(
              table,
              "Corpus",
              List.of("Exact", "Near", "Threshold", "Words per shingle", "Bands × rows"),
              "number");
          table.open("tbody");
          for (ShownCorpus corpus : corpora) {
            CorpusCard.Duplicates found = corpus.card().duplicates();
            row(table, corpus.label());
            if (found == null) {
              for (int i = 0; i < 5; i++) CardCells.text(table, "not sought");
            } else {
              duplicates(table, found);
            }
            table.close("tr").line();
          }
          table.close("tbody");
        });
  }

  private static void duplicates(Html table, CorpusCard.Duplicates found) {
    Double threshold = found.threshold();
    CardCells.count(table, found.exact());
    CardCells.text(table, threshold == null ? "not sought" : Numbers.count(found.near()));
    CardCells.text(table, threshold == null ? "—" : Numbers.plain(threshold));
    CardCells.text(
        table, found.wordsPerShingle() == null ? "—" : String.valueOf(found.wordsPerShingle()));
    CardCells.text(
        table,
        found.bands() == null || found.rowsPerBand() == null
            ? "—"
            : found.bands() + " × " + found.rowsPerBand());
  }

  void contamination(Html html) {
    List<String> suites = union(ShownCorpus::suites);
    if (suites.isEmpty()) return;
    write(
        html,
        "contamination",
        "Contamination by evaluation suite",
        "Documents that went because they share so many words in a row with a prompt: "
            + wordsInARow()
            + ". A shorter prompt is in no document by that measure, so nothing is known of it.",
        table -> {
          header(table, "Suite", List.of("documents left out", "prompts too short to check"));
          table.open("tbody");
          for (String suite : suites) {
            row(table, suite);
            for (ShownCorpus corpus : corpora) {
              CorpusCard.Contamination found = corpus.card().contamination();
              if (found == null) {
                CardCells.text(table, "not checked");
                CardCells.text(table, "—");
              } else {
                CardCells.count(table, found.documents().getOrDefault(suite, 0L));
                CardCells.count(table, found.shortPrompts().getOrDefault(suite, 0));
              }
            }
            table.close("tr").line();
          }
          table.close("tbody");
        });
  }

  private String wordsInARow() {
    List<String> words = new ArrayList<>();
    for (ShownCorpus corpus : corpora) {
      CorpusCard.Contamination found = corpus.card().contamination();
      if (found != null) {
        words.add(found.words() + (corpora.size() == 1 ? "" : " in " + corpus.label()));
      }
    }
    return String.join(", ", words);
  }

  private static void amount(Html table, Amount part, Amount whole) {
    CardCells.count(table, part.documents());
    CardCells.text(table, CardCells.share(part.documents(), whole.documents()));
    CardCells.text(table, CardCells.size(part.bytes()));
    CardCells.text(table, CardCells.share(part.bytes(), whole.bytes()));
  }

  /** The columns once a corpus, beneath the corpus's name where there are two. */
  private void header(Html table, String corner, List<String> columns) {
    table.open("thead");
    boolean grouped = corpora.size() > 1;
    if (grouped) {
      table.open("tr").element("th", corner, "scope", "col", "rowspan", "2");
      String width = String.valueOf(columns.size());
      corpora.forEach(
          corpus ->
              table.element(
                  "th", corpus.label(), "scope", "colgroup", "colspan", width, "class", "corpus"));
      table.close("tr");
    }
    table.open("tr");
    if (!grouped) table.element("th", corner, "scope", "col");
    for (ShownCorpus _ : corpora) {
      columns.forEach(column -> table.element("th", column, "scope", "col", "class", "number"));
    }
    table.close("tr").close("thead").line();
  }

  /** A body of rows for each corpus, under its name where there are two. */
  private void byCorpus(Html table, int columns, Consumer<ShownCorpus> rows) {
    for (ShownCorpus corpus : corpora) {
      table.open("tbody");
      if (corpora.size() > 1) CardCells.group(table, corpus.label(), columns);
      rows.accept(corpus);
      table.close("tbody");
    }
  }

  static void row(Html table, String name) {
    table.open("tr").element("th", ShownText.of(name), "scope", "row");
  }

  private void write(Html html, String id, String title, String remarks, Consumer<Html> content) {
    tables.write(html, id, title, remarks, content, _ -> {});
  }

  private interface Names {
    Iterable<String> of(ShownCorpus corpus);
  }

  /** Names of all corpora, sorted. */
  private List<String> union(Names names) {
    TreeSet<String> all = new TreeSet<>();
    corpora.forEach(corpus -> names.of(corpus).forEach(all::add));
    return List.copyOf(all);
  }
}
