package org.onset.study;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.onset.BadInput;
import org.onset.corpus.Sources;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.pipeline.CorpusInputs;
import org.onset.curriculum.StreamSize;
import org.onset.eval.Transcript;
import org.onset.study.StageGraph.Checkpoint;
import org.onset.study.StageGraph.Evaluation;
import org.onset.study.results.Exposure;
import org.onset.study.results.FolderArm;
import org.onset.study.results.Results;
import org.onset.study.results.RunSummary;
import org.onset.study.spec.ArmSpec;
import org.onset.study.spec.ArmSpec.TagCompletions;
import org.onset.study.spec.DataSpec.FilesData;
import org.onset.study.spec.StudyFile;
import org.onset.study.spec.StudySpec;

/** Runs a study: builds what the store lacks, then writes the run's folder. */
public final class Study {
  private static final String SUMMARY = "summary.json";

  /** What a run's folder shows of a corpus that was built of files, beside its card. */
  private static final List<String> CORPUS_LISTS =
      List.of("quarantine.jsonl", "duplicates.jsonl", "contaminated.jsonl");

  private final StudyFile file;
  private final StudySpec spec;
  private final ArtifactStore store;
  private final StageGraph graph;
  private final EvaluationStages evaluating;
  private final RunFolder folder;

  /**
   * Where and how a study runs.
   *
   * @param out the run's folder
   * @param store where artifacts are kept; several runs may share one
   * @param cores processors to fill, {@code resources.threadsPerNode} by a node
   * @param sparkMaster where a corpus of files is built: {@code local[N]}, or a cluster's address
   */
  public record Options(Path out, Path store, int cores, String sparkMaster) {
    /** All on this machine. */
    public static Options here(Path out, Path store, int cores) {
      return new Options(out, store, cores, "local[" + cores + "]");
    }
  }

  private final Options options;

  public Study(StudyFile file, Options options) {
    this.file = file;
    this.options = options;
    this.spec = file.spec();
    requireThreads(spec.resources().threadsPerNode());
    this.store = new ArtifactStore(options.store());
    this.graph = new StageGraph(spec, store, options.sparkMaster());
    this.evaluating = new EvaluationStages(spec, store, graph.corpus());
    this.folder = new RunFolder(options.out());
  }

  /**
   * What the study will do and cost. The built-in world is written and packed for that, in seconds,
   * so that epochs are known; files are not read.
   */
  public static PlanReport plan(StudyFile file, Options options, PrintStream messages)
      throws IOException, InterruptedException {
    Study study = new Study(file, options);
    if (file.spec().data().world() != null && file.spec().hasPretrainedArms()) {
      try (Progress progress = new Progress(messages, false)) {
        study.runner(progress).build(List.of(study.graph.tokens()));
      }
    }
    Calibration calibration =
        Calibration.ofThisMachine(file.spec().resources().threadsPerNode(), messages);
    return new Planning(study.spec, study.graph, study.store, study.workers()).report(calibration);
  }

  /** What the report of a finished run shows. */
  public static RunSummary readSummary(Path run) throws IOException {
    Path file = run.resolve(SUMMARY);
    if (!Files.exists(file)) {
      throw new BadInput(run + ": no finished run lies here; run its study first");
    }
    try {
      return JsonLines.readJson(file, RunSummary.class);
    } catch (BadInput damaged) {
      throw new BadInput(file + ": damaged; run the study again, which builds nothing twice");
    }
  }

  /**
   * Runs what is left to do and returns what the report shows.
   *
   * @param terminal whether {@code messages} is a terminal, whose line can be rewritten
   */
  public RunSummary run(PrintStream messages, boolean terminal)
      throws IOException, InterruptedException {
    List<String> problems = problems(spec);
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    try (Progress progress = new Progress(messages, terminal)) {
      return run(progress);
    }
  }

  /** What is wrong with the files that a study reads. */
  static List<String> problems(StudySpec spec) {
    FilesData files = spec.data().files();
    if (files == null) {
      return List.of();
    }
    List<String> problems = new ArrayList<>(CorpusInputs.problems(files.corpus()));
    try {
      Sources.check(files.sources());
    } catch (BadInput e) {
      problems.addAll(e.problems());
    }
    return problems;
  }

  /**
   * More threads than processors give the same numbers, but so slowly that it looks like a hang.
   */
  private static void requireThreads(int threads) {
    int processors = Runtime.getRuntime().availableProcessors();
    if (threads > processors) {
      throw new BadInput(
          "resources.threadsPerNode: %d threads a node, but this machine has %d processors"
              .formatted(threads, processors));
    }
  }

  private Runner runner(Progress progress) {
    return new Runner(store, progress, workers(), spec.resources().threadsPerNode());
  }

  private int workers() {
    return Math.max(1, options.cores() / spec.resources().threadsPerNode());
  }

  private RunSummary run(Progress progress) throws IOException, InterruptedException {
    Runner runner = runner(progress);
    graph.warnings().forEach(warning -> progress.say("warning: " + warning));
    runner.build(List.of(graph.corpus()));
    CorpusFolder corpus = new CorpusFolder(store.folder(graph.corpus().artifact()));
    showCorpus(corpus); // before anything that may fail by what it shows
    requireTagCompletions(corpus);
    Map<String, StreamSize> streams = Map.of();
    if (spec.hasPretrainedArms()) {
      runner.build(List.of(graph.tokens()));
      streams = Exposures.sizes(spec, store.folder(graph.tokens().artifact()));
    }
    Exposure exposure = Exposures.of(graph, streams);
    if (runner.missing(graph.targets()).isEmpty()) {
      progress.say("nothing is left to build");
    }
    runner.build(graph.targets());

    List<Measurement> measurements = Measuring.all(graph, evaluating, corpus.readRequests());
    Results results = new ResultTables(spec, measurements).results();
    TrainingLogs logs = new TrainingLogs(graph, store);
    folder.replaceLines("study.yaml", file.resolved().lines().toList());
    folder.replaceJson("results.json", results);
    folder.replaceJson("exposure.json", exposure);
    logs.writeTo(folder);
    if (spec.hasPretrainedArms()) {
      Path packing = store.folder(graph.tokens().artifact()).resolve(DataStages.PACKING);
      folder.replace("packing.json", file -> Files.copy(packing, file));
    }
    linkModels();
    List<RunSummary.Sample> samples = writeTranscripts();
    Map<String, String> provenance = Provenance.of(spec, graph);
    folder.replaceJson("provenance.json", provenance);
    List<FolderArm> folders =
        graph.folders().values().stream().map(each -> each.described(file.folder())).toList();
    RunSummary summary =
        new RunSummary(
            spec.title().isEmpty() ? spec.name() : spec.title(),
            spec.question(),
            spec.prediction(),
            ArmSpecs.describe(spec, folders),
            folders,
            graph.warnings(),
            results,
            exposure,
            logs.lossCurves(),
            corpusCards(corpus, streams),
            corpus.readCard().scorer(),
            samples,
            provenance);
    folder.replaceJson(SUMMARY, summary);
    return summary;
  }

  private void showCorpus(CorpusFolder corpus) throws IOException {
    folder.replace("card.json", file -> Files.copy(corpus.cardFile(), file));
    if (spec.data().files() != null) {
      CorpusCard card = CorpusCard.read(corpus.corpus()).named(spec.name());
      folder.replace("corpus/" + CorpusCard.FILE, file -> Files.writeString(file, card.json()));
      for (String name : CORPUS_LISTS) {
        folder.replace("corpus/" + name, file -> Files.copy(corpus.corpus().resolve(name), file));
      }
    }
  }

  /** Known before anything is trained, and needed only after all pretraining. */
  private void requireTagCompletions(CorpusFolder corpus) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, ArmSpec> arm : spec.arms().entrySet()) {
      TagCompletions completions = arm.getValue().tagCompletions();
      if (completions != TagCompletions.NONE
          && corpus.readCompletions(completions.toString()).isEmpty()) {
        problems.add(
            "arms.%s.tagCompletions: there is no unsafe text to complete: no document came into a stream of the kind tag; %s says what scores there are"
                .formatted(arm.getKey(), options.out().resolve("corpus").resolve(CorpusCard.FILE)));
      }
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }

  private void linkModels() throws IOException {
    for (Checkpoint checkpoint : graph.checkpoints()) {
      folder.link(
          "models/%s/%d/%s".formatted(checkpoint.arm(), checkpoint.seed(), checkpoint.folderName()),
          TrainingStages.modelFolder(store.folder(checkpoint.node().artifact())),
          DataStages.tokenizerFolder(store.folder(checkpoint.tokenizer().artifact())));
    }
  }

  /** Writes every completion with its verdict, and returns a few to be shown. */
  private List<RunSummary.Sample> writeTranscripts() throws IOException {
    List<RunSummary.Sample> samples = new ArrayList<>();
    for (Evaluation evaluation : graph.evaluations()) {
      Checkpoint checkpoint = evaluation.checkpoint();
      List<Transcript> all = new ArrayList<>();
      for (Node judged : evaluation.judged().values()) {
        List<Transcript> transcripts = evaluating.readTranscripts(judged);
        all.addAll(transcripts);
        if (checkpoint.seed() == spec.seeds().getFirst() && checkpoint.step() == null) {
          samples.addAll(samplesOf(checkpoint, transcripts));
        }
      }
      folder.replace(
          "transcripts/%s/%d/%s.jsonl.gz"
              .formatted(checkpoint.arm(), checkpoint.seed(), checkpoint.folderName()),
          file -> JsonLines.write(file, all));
    }
    return samples;
  }

  /**
   * The first completion of the first request of each suite and attack: chosen by place, not by
   * what it says.
   */
  private static List<RunSummary.Sample> samplesOf(
      Checkpoint checkpoint, List<Transcript> transcripts) {
    Map<String, RunSummary.Sample> samples = new LinkedHashMap<>();
    for (Transcript transcript : transcripts) {
      samples.putIfAbsent(
          transcript.suite() + "/" + transcript.attack(),
          new RunSummary.Sample(
              checkpoint.arm(),
              checkpoint.seed(),
              checkpoint.stage(),
              checkpoint.task(),
              transcript.suite(),
              transcript.attack(),
              transcript.decoder(),
              transcript.prompt(),
              transcript.completion(),
              Objects.requireNonNullElse(transcript.verdict(), "not judged")));
    }
    return List.copyOf(samples.values());
  }

  private List<RunSummary.CorpusStream> corpusCards(
      CorpusFolder corpus, Map<String, StreamSize> streams) throws IOException {
    boolean packed = spec.hasPretrainedArms();
    List<RunSummary.CorpusStream> cards = new ArrayList<>();
    for (Map.Entry<String, Long> documents : corpus.readCard().documents().entrySet()) {
      StreamSize size = streams.get(documents.getKey());
      cards.add(
          new RunSummary.CorpusStream(
              documents.getKey(),
              documents.getValue(),
              packed ? (Long) (size == null ? 0 : size.trainedTokens()) : null,
              packed ? (Long) (size == null ? 0L : size.windows()) : null));
    }
    return cards;
  }
}
