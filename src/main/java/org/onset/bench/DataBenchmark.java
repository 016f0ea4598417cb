package org.onset.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.onset.BadInput;
import org.onset.WholeFolder;
import org.onset.corpus.Document;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.pipeline.CorpusBuild;
import org.onset.corpus.pipeline.CorpusFile;
import org.onset.corpus.pipeline.DeclaredCorpus;
import org.onset.corpus.pipeline.Progress;
import org.onset.corpus.source.SourceTexts;
import org.onset.token.BytePairTrainer;
import org.onset.token.ParallelWordCount;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures the corpus pipeline as {@code onset data build} runs it, with a linear scorer, templates
 * that intervene and otherwise the usual settings, on all processors: once to warm up, then once
 * more from nothing. Learning, of the scorer and, where none is given, of a tokenizer, is not
 * counted.
 */
public final class DataBenchmark {
  /** The steps that learn. */
  private static final Set<String> NOT_COUNTED = Set.of("scorer", "quality");

  private final Subject subject;
  private final PrintStream log;

  /**
   * What is measured.
   *
   * @param input files, folders or globs
   * @param tokenizer absent: one of {@code vocabSize} entries is trained on the input
   * @param scoreColumn where scores are known already; then no scorer runs
   */
  public record Subject(
      List<Path> input, Optional<Path> tokenizer, int vocabSize, Optional<String> scoreColumn) {
    public static final int USUAL_VOCAB_SIZE = 16_384;

    public Subject {
      input = List.copyOf(input);
    }
  }

  public DataBenchmark(Subject subject, PrintStream log) {
    this.subject = subject;
    this.log = log;
  }

  /**
   * Measures.
   *
   * @throws BadInput where the input or the tokenizer can't be read
   */
  public DataMeasure measure() throws IOException {
    Path folder = Files.createTempDirectory("onset-bench");
    try {
      return measure(folder);
    } finally {
      WholeFolder.delete(folder);
    }
  }

  private DataMeasure measure(Path folder) throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    log.println("reading " + subject.input());
    Input input = read(folder, threads);
    DeclaredCorpus corpus = corpus(input, folder);
    CorpusBuild.Options warmPass =
        CorpusBuild.Options.in(folder.resolve("warm"), "local[" + threads + "]");
    log.println("building once to warm up");
    Steps cold = new Steps();
    CorpusBuild.run(corpus, warmPass, cold);
    WholeFolder.delete(warmPass.out());
    log.println("building once more");
    Steps steps = new Steps();
    long startedNanos = System.nanoTime();
    CorpusCard card =
        CorpusBuild.run(
            corpus, CorpusBuild.Options.in(folder.resolve("measured"), warmPass.master()), steps);
    double elapsedSeconds = (System.nanoTime() - startedNanos) / 1e9;
    OptionalLong peak = PeakMemory.bytes();

    log.println("encoding by our own code and by the library");
    try (TokenizingTurns turns = new TokenizingTurns(input.tokenizer(), threads)) {
      List<DataMeasure.Step> shares = steps.shares(elapsedSeconds);
      double seconds = shares.stream().mapToDouble(DataMeasure.Step::seconds).sum();
      return new DataMeasure(
          input.bytes(),
          input.documents(),
          card.streams().values().stream().mapToLong(CorpusCard.Stream::tokens).sum(),
          cold.startSeconds.orElseThrow(),
          input.bytes() / 1e6 / seconds,
          shares,
          turns.measure(subject.input()),
          peak.isPresent() ? peak.getAsLong() : null);
    }
  }

  private record Input(long bytes, long documents, Path labelled, Path tokenizer) {}

  private Input read(Path folder, int threads) throws IOException {
    LabelledTexts labelled = new LabelledTexts();
    long[] size = new long[2];
    Path tokenizer = subject.tokenizer().orElse(folder.resolve("trained"));
    try (ParallelWordCount words = new ParallelWordCount(threads)) {
      SourceTexts.read(
          subject.input(),
          text -> {
            size[0] += text.getBytes(StandardCharsets.UTF_8).length;
            size[1]++;
            labelled.offer(text);
            if (subject.tokenizer().isEmpty()) {
              words.add(text);
            }
          });
      if (subject.tokenizer().isEmpty()) {
        log.println("training a tokenizer of %,d entries on it".formatted(subject.vocabSize()));
        train(words, tokenizer);
      }
    }
    Path file = folder.resolve("labelled.jsonl");
    labelled.write(file);
    return new Input(size[0], size[1], file, tokenizer);
  }

  private void train(ParallelWordCount words, Path folder) {
    try {
      BytePairTrainer.train(words.finish(), "--vocab-size", subject.vocabSize(), folder);
    } catch (BadInput e) {
      throw new BadInput(
          "--input: too little text to train a tokenizer of %,d entries on; add more, or name a"
                  .formatted(subject.vocabSize())
              + " tokenizer's folder with --tokenizer");
    }
  }

  /** Declared in a file as a user would, so that what it doesn't say is as usual. */
  private DeclaredCorpus corpus(Input input, Path folder) throws IOException {
    ObjectNode corpus = JsonNodeFactory.instance.objectNode().put("name", "bench");
    ObjectNode source = corpus.putObject("documents").putObject("input");
    subject
        .input()
        .forEach(file -> source.withArray("files").add(file.toAbsolutePath().toString()));
    subject.scoreColumn().ifPresent(column -> source.put("scoreColumn", column));
    if (subject.scoreColumn().isEmpty()) {
      ObjectNode labelled = corpus.putObject("scoring").putArray("labelled").addObject();
      labelled.put("path", input.labelled().toString());
      labelled.put("textColumn", "text").put("labelColumn", "label");
      ObjectNode scores = labelled.putObject("scores");
      LabelledTexts.scores().forEach(scores::put);
      ObjectNode interventions = corpus.putObject("interventions");
      for (String kind : List.of("refuse", "moralise", "reflect")) {
        ObjectNode rule = interventions.putObject(kind).put("kind", kind);
        IntStream.rangeClosed(1, Document.MAX_SCORE).forEach(rule.withArray("scores")::add);
        rule.putObject("writer").putObject("templates");
      }
    }
    corpus.putObject("tokenizer").put("path", input.tokenizer().toAbsolutePath().toString());
    Path file = folder.resolve("corpus.yaml");
    Files.writeString(file, corpus.toString()); // YAML takes JSON
    return CorpusFile.read(file);
  }

  /** How long each step took. */
  private static final class Steps implements Progress {
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private OptionalDouble startSeconds = OptionalDouble.empty();

    @Override
    public void started(double seconds) {
      startSeconds = OptionalDouble.of(seconds);
    }

    @Override
    public void begins(String step, int done, int all) {}

    @Override
    public void ends(String step, double elapsedSeconds) {
      seconds.merge(step, elapsedSeconds, Double::sum);
    }

    List<DataMeasure.Step> shares(double elapsedSeconds) {
      double inSteps = seconds.values().stream().mapToDouble(each -> each).sum();
      Map<String, Double> counted = new LinkedHashMap<>(seconds);
      counted.put("other", elapsedSeconds - startSeconds.orElseThrow() - inSteps);
      counted.keySet().removeAll(NOT_COUNTED);
      double all = counted.values().stream().mapToDouble(each -> each).sum();
      List<DataMeasure.Step> steps = new ArrayList<>();
      counted.forEach((name, each) -> steps.add(new DataMeasure.Step(name, each, each / all)));
      return steps;
    }
  }
}
