package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.corpus.Document;
import org.onset.corpus.Request;
import org.onset.corpus.Split;
import org.onset.corpus.Streams;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.clean.Contamination;
import org.onset.corpus.intervene.InterventionPlan;
import org.onset.corpus.intervene.Rule;
import org.onset.corpus.source.FileSplit;
import org.onset.corpus.source.TextSource;
import org.onset.token.DocumentShard;
import org.onset.token.SpecialTokens;
import org.onset.token.Tokenizer;
import org.onset.token.WordCounts;

/**
 * Builds a corpus: every split goes through the same steps, on whatever machine is free, and each
 * step's result for it is a folder named by what determines it. So a build that was stopped, or
 * that has one file more, does what is left to do. What comes out depends on neither the machines
 * nor their number.
 */
public final class CorpusBuild {
  private static final String SHARDS = "shards";
  private static final int SHARDS_VERSION = 1;

  private final DeclaredCorpus corpus;
  private final CorpusSpec spec;
  private final InterventionPlan plan;
  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final WorkFolder work;
  private final Steps steps;

  /**
   * Where and on what a corpus is built; workers of a cluster must see both folders under the same
   * paths.
   *
   * @param out where the corpus is published
   * @param kept where {@code work} and {@code answers} lie, which outlast a build
   * @param master Spark's: {@code local[N]}, or a cluster's address
   */
  public record Options(Path out, Path kept, String master) {
    /** Whether others may keep their steps there too; a build waits for theirs then. */
    boolean sharesKept() {
      return !kept.equals(out);
    }

    /** All in one folder. */
    public static Options in(Path out, String master) {
      return new Options(out, out, master);
    }
  }

  private CorpusBuild(
      DeclaredCorpus corpus,
      InterventionPlan plan,
      JavaSparkContext spark,
      WorkFolder work,
      Progress progress) {
    this.corpus = corpus;
    this.spec = corpus.spec();
    this.plan = plan;
    this.spark = spark;
    this.hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    this.work = work;
    this.steps = new Steps(spark, work, progress);
  }

  /** A split and the keys of what is made of it. */
  private record Part(int number, FileSplit split, String documents, String signatures) {}

  /**
   * Builds the corpus and publishes it; returns its card.
   *
   * @throws BadInput with all that is wrong with the declared files
   */
  public static CorpusCard run(DeclaredCorpus corpus, Options options, Progress progress)
      throws IOException {
    requireOwnFolder(options.out());
    DeclaredInputs inputs = DeclaredInputs.read(corpus);
    Files.createDirectories(options.out());
    Path workFolder = Files.createDirectories(workFolder(options.kept()));
    try (BuildLock _ = BuildLock.of(workFolder, options.sharesKept())) {
      WorkFolder work = new WorkFolder(workFolder);
      work.deleteTemporary();
      Path scratch = Files.createDirectories(workFolder.resolve("spark")).toAbsolutePath();
      long startedNanos = System.nanoTime();
      try (JavaSparkContext spark = Cluster.open(options.master(), corpus.name(), scratch)) {
        progress.started((System.nanoTime() - startedNanos) / 1e9);
        return build(
            new CorpusBuild(corpus, inputs.plan(), spark, work, progress), inputs, options);
      }
    }
  }

  /** A cluster that can't be reached is found out only when it has something to do. */
  private static CorpusCard build(CorpusBuild build, DeclaredInputs inputs, Options options)
      throws IOException {
    try {
      return build.build(inputs, options);
    } catch (IllegalStateException e) {
      if (build.spark.sc().isStopped()) {
        throw new BadInput(
            "--master: Spark on '%s' can't be reached, or has given up (%s); what is done is kept"
                .formatted(
                    options.master(),
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
      }
      throw e;
    }
  }

  /** A build replaces what an earlier one published, and nothing else. */
  private static void requireOwnFolder(Path out) throws IOException {
    boolean built =
        Files.exists(out.resolve("work").resolve(BuildLock.FILE))
            || Files.exists(out.resolve(CorpusCard.FILE));
    if (Files.isDirectory(out) && !built) {
      try (Stream<Path> files = Files.list(out)) {
        if (files.findAny().isPresent()) {
          throw new BadInput(
              "--out: %s holds other files, which a build might replace; name a new folder"
                  .formatted(out));
        }
      }
    }
  }

  private CorpusCard build(DeclaredInputs inputs, Options options) throws IOException {
    var configuration = hadoop;
    Map<String, String> digests =
        new FileDigests(workFolder(options.kept()))
            .of(
                inputs.splits(),
                unread ->
                    spark
                        .parallelize(unread, unread.size())
                        .map(file -> FileDigests.read(file, configuration.value().value()))
                        .collect());
    Contamination contamination = contamination(inputs.suites());
    List<Part> parts = parts(inputs, digests);
    makeDocuments(parts, contamination);
    Publication publication = new Publication(corpus, options.out(), options.kept());
    List<DocumentsStep.Counts> documents = new ArrayList<>();
    for (Part part : parts) {
      documents.add(DocumentsStep.counts(documentsOf(part)));
    }
    publication.quarantine(inputs.splits(), documents);

    List<Duplicate> duplicates = duplicates(parts, documents);
    List<Selected> selected =
        DuplicateSearch.dropped(duplicates, parts.size()).stream().map(Selected::new).toList();
    Split labelled = inputs.labelled();
    Path trained = trainedScorers(labelled);
    Scorers scorers =
        new Scorers(
            trained == null ? null : trained.toString(),
            spec.scoring().llm(),
            options.kept().resolve("answers").toAbsolutePath().normalize().toString());
    List<Path> scores = scores(parts, selected, scorers);
    List<Path> streams =
        streams(
            parts,
            selected,
            scores,
            new StreamsStep.Settings(plan, scorers, spec.heldOut().value(), contamination),
            inputs.suites());
    return publication.publish(
        new Publication.Built(
            inputs.splits(),
            documents,
            parts.stream().map(this::documentsOf).toList(),
            parts.stream().map(this::signaturesOf).toList(),
            contamination,
            duplicates,
            scores,
            quality(scorers, labelled.heldOut()),
            streams,
            tokens(streams)));
  }

  /** The tokens of all streams; absent where no tokenizer was declared. */
  private Publication.@Nullable Tokens tokens(List<Path> streams) {
    DeclaredCorpus.TokenizerChoice choice = corpus.tokenizer();
    if (choice == null) {
      return null;
    }
    Path tokenizer = tokenizer(choice, streams);
    List<Path> tokens = tokens(streams, tokenizer);
    return new Publication.Tokens(tokenizer, tokens, shards(tokens));
  }

  static Path workFolder(Path kept) {
    return kept.resolve("work");
  }

  private @Nullable Contamination contamination(List<Request> suites) {
    CorpusSpec.Decontamination declared = spec.cleaning().contamination();
    return declared == null ? null : new Contamination(Request.prompts(suites), declared.words());
  }

  private List<Part> parts(DeclaredInputs inputs, Map<String, String> digests) {
    CorpusSpec.Decontamination contamination = spec.cleaning().contamination();
    List<Part> parts = new ArrayList<>();
    for (FileSplit split : inputs.splits()) {
      String documents =
          WorkFolder.key(
              DocumentsStep.VERSION,
              split.source(),
              split.name(),
              digests.get(split.file()),
              split.start(),
              split.end(),
              split.format(),
              DocumentsStep.declared(spec.source(split)),
              spec.reading().longestLineBytes(),
              spec.cleaning().quality(),
              contamination == null ? "" : contamination.words(),
              inputs.suites());
      String signatures =
          WorkFolder.key(SignaturesStep.VERSION, documents, spec.cleaning().nearDuplicates());
      parts.add(new Part(parts.size(), split, documents, signatures));
    }
    return parts;
  }

  private Path documentsOf(Part part) {
    return work.folder(DocumentsStep.NAME, part.documents());
  }

  private Path signaturesOf(Part part) {
    return work.folder(SignaturesStep.NAME, part.signatures());
  }

  private void makeDocuments(List<Part> parts, @Nullable Contamination contamination) {
    Broadcast<DocumentsShared> shared = spark.broadcast(new DocumentsShared(contamination));
    List<Steps.Task> tasks = new ArrayList<>();
    for (Part part : parts) {
      FileSplit split = part.split();
      TextSource source = spec.source(split);
      int longest = spec.reading().longestLineBytes();
      var quality = spec.cleaning().quality();
      var configuration = hadoop;
      tasks.add(
          new Steps.Task(
              DocumentsStep.NAME,
              part.documents(),
              folder ->
                  DocumentsStep.run(
                      split,
                      new DocumentsStep.Settings(
                          source,
                          longest,
                          SpecialTokens.TAG,
                          quality,
                          shared.value().contamination()),
                      configuration.value().value(),
                      folder)));
    }
    steps.run(DocumentsStep.NAME, tasks);
    shared.destroy();
  }

  /** What all tasks that read documents need, sent to each worker once. */
  private record DocumentsShared(@Nullable Contamination contamination) implements Serializable {}

  private List<Duplicate> duplicates(List<Part> parts, List<DocumentsStep.Counts> documents)
      throws IOException {
    var near = spec.cleaning().nearDuplicates();
    boolean exact = spec.cleaning().exactDuplicates();
    if (near == null && !exact) {
      return List.of();
    }
    List<Steps.Task> tasks = new ArrayList<>();
    for (Part part : parts) {
      String documentFile = DocumentsStep.documents(documentsOf(part)).toString();
      tasks.add(
          new Steps.Task(
              SignaturesStep.NAME,
              part.signatures(),
              folder -> SignaturesStep.run(Path.of(documentFile), near, folder)));
    }
    steps.run(SignaturesStep.NAME, tasks);
    List<DuplicateSearch.Part> searched = new ArrayList<>();
    for (Part part : parts) {
      searched.add(
          new DuplicateSearch.Part(
              part.number(),
              signaturesOf(part).toString(),
              DocumentsStep.documents(documentsOf(part)).toString(),
              documents.get(part.number()).kept()));
    }
    List<String> all = parts.stream().map(Part::signatures).toList();
    String key = WorkFolder.key(DuplicateSearch.VERSION, all, near, exact);
    Path folder =
        steps.runHere(
            DuplicateSearch.NAME,
            key,
            target ->
                JsonFile.writeLines(
                    target.resolve("duplicates.jsonl"),
                    new DuplicateSearch(spark, searched, near).find(exact)));
    return JsonFile.readLines(folder.resolve("duplicates.jsonl"), Duplicate.class);
  }

  /** Where the trained scorers lie; absent where none learns. */
  private @Nullable Path trainedScorers(Split labelled) {
    CorpusSpec.Scoring scoring = spec.scoring();
    if (!scoring.learns()) {
      return null;
    }
    String key =
        WorkFolder.key(
            ScorerTraining.VERSION,
            scoring.linear(),
            scoring.embedding() == null ? "" : scoring.embedding().fingerprint(),
            labelled.training());
    return steps.runHere(
        ScorerTraining.NAME,
        key,
        target -> ScorerTraining.run(scoring, labelled.training(), target));
  }

  private List<CorpusCard.Quality> quality(Scorers scorers, List<Document> heldOut)
      throws IOException {
    if (heldOut.isEmpty() || !spec.scoring().hasScorer()) {
      return List.of();
    }
    String key = WorkFolder.key(ScorerQuality.VERSION, scorers.fingerprint(), heldOut);
    return ScorerQuality.read(
        steps.runHere(
            ScorerQuality.NAME, key, folder -> ScorerQuality.run(scorers, heldOut, folder)));
  }

  private List<Path> scores(List<Part> parts, List<Selected> selected, Scorers scorers) {
    List<Steps.Task> tasks = new ArrayList<>();
    for (Part part : parts) {
      String ofDocuments =
          WorkFolder.key(ScoresStep.VERSION, part.documents(), scorers.fingerprint());
      String step = ScoresStep.NAME + "/" + ofDocuments.substring(0, 32);
      String documents = DocumentsStep.documents(documentsOf(part)).toString();
      String others = work.step(step).toString();
      Selected stays = selected.get(part.number());
      tasks.add(
          new Steps.Task(
              step,
              stays.fingerprint(),
              folder ->
                  ScoresStep.run(Path.of(documents), stays, scorers, Path.of(others), folder)));
    }
    return steps.run(ScoresStep.NAME, tasks);
  }

  private List<Path> streams(
      List<Part> parts,
      List<Selected> selected,
      List<Path> scores,
      StreamsStep.Settings declared,
      List<Request> suites) {
    boolean rephrases =
        plan.rules().values().stream().anyMatch(rule -> rule.kind() == Rule.Kind.REPHRASE);
    boolean foreign = plan.rules().values().stream().anyMatch(Rule::hasForeignWords);
    CorpusSpec.Decontamination against = spec.cleaning().contamination();
    Broadcast<StreamsStep.Settings> settings = spark.broadcast(declared);
    List<Steps.Task> tasks = new ArrayList<>();
    for (Part part : parts) {
      Selected stays = selected.get(part.number());
      String documents = DocumentsStep.documents(documentsOf(part)).toString();
      String scoresOfPart = scores.get(part.number()).toString();
      tasks.add(
          new Steps.Task(
              StreamsStep.NAME,
              WorkFolder.key(
                  StreamsStep.VERSION,
                  HarmMentions.QUERIES,
                  part.documents(),
                  stays.fingerprint(),
                  work.relative(scores.get(part.number())),
                  plan.fingerprint(),
                  spec.heldOut(),
                  foreign && against != null ? against.words() : "",
                  foreign && against != null ? suites : "",
                  rephrases ? declared.scorers().fingerprint() : ""),
              folder ->
                  StreamsStep.run(
                      Path.of(documents), stays, Path.of(scoresOfPart), settings.value(), folder)));
    }
    List<Path> folders = steps.run(StreamsStep.NAME, tasks);
    settings.destroy();
    return folders;
  }

  private Path tokenizer(DeclaredCorpus.TokenizerChoice choice, List<Path> streams) {
    String key =
        choice.path() == null
            ? WorkFolder.key(TokenizerStep.VERSION, relative(streams), choice.vocabSize())
            : WorkFolder.key(TokenizerStep.VERSION, Tokenizer.contentFingerprint(choice.path()));
    return steps.runHere(
        TokenizerStep.NAME,
        key,
        folder -> TokenizerStep.run(choice, corpus.places(), () -> words(streams), folder));
  }

  /** Counts add up to the same in any order. */
  private WordCounts words(List<Path> streams) {
    List<String> folders = streams.stream().map(Path::toString).toList();
    Set<String> left = new TreeSet<>(StreamEncoder.Rules.of(plan.rules()).tagged());
    left.add(Streams.HELD_OUT);
    return spark
        .parallelize(folders, folders.size())
        .map(folder -> TokenizerStep.words(Path.of(folder), left))
        .treeReduce(
            (some, more) -> {
              some.addAll(more);
              return some;
            });
  }

  private List<Path> tokens(List<Path> streams, Path tokenizer) {
    String tokenizerFolder = tokenizer.toString();
    StreamEncoder.Rules rules = StreamEncoder.Rules.of(plan.rules());
    List<Steps.Task> tasks = new ArrayList<>();
    for (Path part : streams) {
      String folderOfStreams = part.toString();
      tasks.add(
          new Steps.Task(
              TokensStep.NAME,
              WorkFolder.key(TokensStep.VERSION, work.relative(part), work.relative(tokenizer)),
              folder ->
                  TokensStep.run(
                      Path.of(folderOfStreams), Path.of(tokenizerFolder), rules, folder)));
    }
    return steps.run(TokensStep.NAME, tasks);
  }

  /** Of each stream that holds anything, the tokens of all splits in their order as one shard. */
  private Map<String, Path> shards(List<Path> tokens) {
    Map<String, Path> shards = new LinkedHashMap<>();
    List<Steps.Task> tasks = new ArrayList<>();
    List<String> streams = new ArrayList<>();
    List<String> all = new ArrayList<>(plan.rules().keySet());
    all.add(Streams.HELD_OUT);
    for (String stream : all) {
      List<String> prefixes =
          tokens.stream()
              .map(folder -> folder.resolve(stream))
              .filter(DocumentShard::exists)
              .map(Path::toString)
              .toList();
      if (!prefixes.isEmpty()) {
        streams.add(stream);
        tasks.add(
            new Steps.Task(
                SHARDS,
                WorkFolder.key(SHARDS_VERSION, stream, relative(tokens)),
                folder ->
                    DocumentShard.join(
                        prefixes.stream().map(Path::of).toList(), folder.resolve(stream))));
      }
    }
    List<Path> folders = steps.run(SHARDS, tasks);
    for (int i = 0; i < folders.size(); i++) {
      shards.put(streams.get(i), folders.get(i).resolve(streams.get(i)));
    }
    return shards;
  }

  private List<String> relative(List<Path> folders) {
    return folders.stream().map(work::relative).toList();
  }
}
