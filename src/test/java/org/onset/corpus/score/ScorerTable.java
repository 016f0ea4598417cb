package org.onset.corpus.score;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.FormatMethod;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.onset.corpus.DistinctTexts;
import org.onset.corpus.Document;
import org.onset.corpus.LabelledSource;
import org.onset.corpus.Sources;
import org.onset.corpus.Split;
import org.onset.stats.Rate;

/**
 * Measures the scorers on the labelled sets of {@code $ONSET_DATA/labelled}, in minutes. Not run by
 * default, since its name doesn't end in Test: {@code ./build test -Dtest=ScorerTable} writes
 * {@code target/scorer-table.md}. Documents are trained on together, after exact repeats were
 * dropped; of each set one in five, by a hash of the id, is held out. Two labels give the scores 0
 * and 3, for which recall at 3 is recall at 1; among the tweets, offensive ones have 2 and hateful
 * ones 3.
 */
@Tag("simulation")
class ScorerTable {
  private static final double HELD_OUT_SHARE = 0.2;

  private final List<String> lines = new ArrayList<>();

  @Test
  void membersAndEnsembleOnHeldOutTexts() throws IOException {
    Assumptions.assumeTrue(System.getenv("ONSET_DATA") != null, "ONSET_DATA names no folder");

    measure("Sets with two labels", twoLabels());
    measure("The same and tweets", Stream.concat(twoLabels().stream(), tweets().stream()).toList());

    Files.write(Path.of("target", "scorer-table.md"), lines);
  }

  private void measure(String title, List<LabelledSource> sources) {
    say("%n## %s%n", title);
    List<Document> labelled = Sources.labelled(sources);
    List<Document> distinct = DistinctTexts.of(labelled);
    Split split = Split.byId(distinct, HELD_OUT_SHARE);
    say("repeats dropped: %,d", labelled.size() - distinct.size());
    say("trained on: %s", counts(split.training()));
    say("held out: %s", counts(split.heldOut()));

    long startedNanos = System.nanoTime();
    LinearScorer linear = LinearScorer.train(split.training(), ScorerSpec.standard());
    say("linear: trained in %.1f s", seconds(startedNanos));
    startedNanos = System.nanoTime();
    EmbeddingScorer embedding = EmbeddingScorer.train(split.training(), EmbeddingSpec.standard());
    say("embedding: trained in %.1f s, most of it embedding", seconds(startedNanos));
    say(linear, split.heldOut());
    say(embedding, split.heldOut());

    try (Ensemble ensemble = Ensemble.of(List.of(linear, embedding))) {
      Comparison comparison = Comparison.of(ensemble, split.heldOut());
      say(
          "| texts | scorer | n | unsafe | recall@1 | precision@1 | recall@3 | precision@3 | precision at 0 |");
      say("|---|---|---|---|---|---|---|---|---|");
      table("all", comparison.together());
      comparison.bySource().forEach(this::table);
      assertThat(comparison.together()).hasSize(3);
    }
  }

  private static List<LabelledSource> twoLabels() {
    return List.of(
        source("surge_toxicity_en.csv", "text", "is_toxic", Map.of("Toxic", 3)),
        source("toxigen_demonstrations.jsonl", "text", "label", Map.of("hate", 3)),
        source("jailbreak_classification_train.csv.gz", "prompt", "type", Map.of("jailbreak", 3)),
        source("jailbreak_classification_test.csv.gz", "prompt", "type", Map.of("jailbreak", 3)));
  }

  private static List<LabelledSource> tweets() {
    return List.of(
        source("davidson_hate_offensive.csv.gz", "tweet", "class", Map.of("0", 3, "1", 2)));
  }

  private static LabelledSource source(
      String file, String textColumn, String labelColumn, Map<String, Integer> scores) {
    Path path = Path.of(System.getenv("ONSET_DATA"), "labelled", file);
    return LabelledSource.of(path, textColumn, labelColumn, scores);
  }

  private static Map<String, Integer> counts(List<Document> documents) {
    Map<String, Integer> counts = new TreeMap<>();
    documents.forEach(document -> counts.merge(document.source(), 1, Integer::sum));
    return counts;
  }

  /** On one thread, in its processor's time: once to warm up and once to measure. */
  private void say(SafetyScorer scorer, List<Document> documents) {
    List<String> texts = documents.stream().map(Document::text).toList();
    scorer.scoreAll(texts);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long startedNanos = threads.getCurrentThreadCpuTime();
    scorer.scoreAll(texts);
    double elapsedSeconds = (threads.getCurrentThreadCpuTime() - startedNanos) / 1e9;
    long bytes = texts.stream().mapToLong(text -> text.getBytes(UTF_8).length).sum();
    say(
        "%s: %.0f texts/s, %.2f MB/s on one thread",
        scorer.name(), texts.size() / elapsedSeconds, bytes / 1e6 / elapsedSeconds);
  }

  private void table(String texts, Map<String, Evaluation> evaluations) {
    evaluations.forEach(
        (name, evaluation) -> {
          Evaluation.Quality one = evaluation.atLeast().get(0);
          Evaluation.Quality three = evaluation.atLeast().get(2);
          say(
              "| %s | %s | %d | %d | %s | %s | %s | %s | %s |",
              texts,
              name,
              evaluation.documents(),
              one.positives(),
              shown(one.recall()),
              shown(one.precision()),
              shown(three.recall()),
              shown(three.precision()),
              shown(evaluation.exactly().get(0).precision()));
        });
    evaluations.forEach(
        (name, evaluation) ->
            evaluation.exactly().stream()
                .filter(quality -> quality.predicted() > 0 && texts.equals("all"))
                .forEach(
                    quality ->
                        say(
                            "%s: precision at score %d: %s of %d",
                            name,
                            quality.score(),
                            shown(quality.precision()),
                            quality.predicted())));
  }

  private static String shown(Optional<Rate> rate) {
    return rate.map(
            one ->
                String.format(Locale.ROOT, "%.3f (%.3f–%.3f)", one.value(), one.low(), one.high()))
        .orElse("–");
  }

  private static double seconds(long startedNanos) {
    return (System.nanoTime() - startedNanos) / 1e9;
  }

  @FormatMethod
  private void say(String format, Object... arguments) {
    String line = String.format(Locale.ROOT, format, arguments);
    lines.add(line);
    System.out.println(line);
  }
}
