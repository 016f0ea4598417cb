package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.WholeFolder;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.card.CorpusCard.Amount;
import org.onset.corpus.clean.Contamination;
import org.onset.corpus.source.FileSplit;
import org.onset.token.Tokenizer;

/**
 * What a user gets of a build:
 *
 * <pre>
 * card.json                     the report card; it comes last, so what has one is whole
 * streams/NAME.bin, .idx        token shards
 * texts/NAME/NNNNN.jsonl.zst    the texts of each stream, a file a split; those of streams that
 *                               keep documents as they are bring their score
 * tokenizer/                    a Hugging Face folder
 * quarantine.jsonl              damaged records: file, line, reason, how they begin
 * duplicates.jsonl              repeated documents, and those that stay in their stead
 * contaminated.jsonl            documents that share words with an evaluation suite
 * answers/                      what language models said, and what it cost; deleting it pays again
 * work/                         what steps have made; deleting it costs time and nothing else
 * </pre>
 */
final class Publication {
  private static final String QUARANTINE = "quarantine.jsonl";
  private final DeclaredCorpus corpus;
  private final CorpusSpec spec;
  private final Path out;
  private final Path lasting;

  /** All that steps made, split by split. */
  record Built(
      List<FileSplit> splits,
      List<DocumentsStep.Counts> documents,
      List<Path> documentFolders,
      List<Path> signatureFolders,
      @Nullable Contamination contamination,
      List<Duplicate> duplicates,
      List<Path> scores,
      List<CorpusCard.Quality> scorers,
      List<Path> streams,
      @Nullable Tokens tokens) {}

  /**
   * What was made with a tokenizer.
   *
   * @param ofSplits the tokens of each split
   * @param shards stream → prefix of its shard
   */
  record Tokens(Path tokenizer, List<Path> ofSplits, Map<String, Path> shards) {}

  /** A damaged record; lines, and rows of Parquet, count from 1. */
  private record Quarantined(String file, long line, String reason, String excerpt) {
    String message() {
      return "%s:%d: %s".formatted(file, line, reason);
    }
  }

  /** A document that went, and the one that stays. */
  private record Repeated(String id, String of, double jaccard) {}

  /**
   * @param lasting a folder that outlasts a build which fails, as {@code out} may not
   */
  Publication(DeclaredCorpus corpus, Path out, Path lasting) {
    this.lasting = lasting;
    this.corpus = corpus;
    this.spec = corpus.spec();
    this.out = out;
  }

  /**
   * Writes the damaged records.
   *
   * @throws BadInput where they are more than the corpus allows, or nothing is left
   */
  void quarantine(List<FileSplit> splits, List<DocumentsStep.Counts> counts) throws IOException {
    List<Quarantined> quarantined = new ArrayList<>();
    Map<String, Long> linesBefore = new HashMap<>();
    long records = 0;
    long damaged = 0;
    long kept = 0;
    for (int i = 0; i < splits.size(); i++) {
      String file = splits.get(i).file();
      DocumentsStep.Counts ofSplit = counts.get(i);
      long before = linesBefore.getOrDefault(file, 0L);
      for (DocumentsStep.Damaged sample : ofSplit.samples()) {
        quarantined.add(
            new Quarantined(
                splits.get(i).shownFile(),
                before + sample.line() + 1,
                sample.reason(),
                sample.excerpt()));
      }
      linesBefore.put(file, before + ofSplit.lines());
      records += ofSplit.records();
      damaged += ofSplit.damaged();
      kept += ofSplit.kept();
    }
    JsonFile.writeLines(out.resolve(QUARANTINE), quarantined);
    Path file = lasting.resolve(QUARANTINE);
    JsonFile.writeLines(file, quarantined);
    if (damaged > spec.reading().damagedShare().value() * records) {
      List<String> problems = new ArrayList<>();
      problems.add(
          "%s: %,d of %,d records are damaged, and %s may be; the first are in %s"
              .formatted(
                  corpus.places().of("reading.damagedShare"),
                  damaged,
                  records,
                  spec.reading().damagedShare(),
                  file));
      quarantined.stream().limit(5).map(Quarantined::message).forEach(problems::add);
      throw new BadInput(problems);
    }
    if (kept == 0) {
      throw new BadInput(
          "%s: %s".formatted(corpus.places().of("documents"), noneIsLeft(counts, file)));
    }
  }

  /** Why there is no document, and what to do. */
  private static String noneIsLeft(List<DocumentsStep.Counts> counts, Path quarantine) {
    long records = counts.stream().mapToLong(DocumentsStep.Counts::records).sum();
    long skipped = counts.stream().mapToLong(DocumentsStep.Counts::skipped).sum();
    long damaged = counts.stream().mapToLong(DocumentsStep.Counts::damaged).sum();
    if (records + skipped == 0) {
      return "the files hold no record; name files that do";
    }
    List<String> taken = new ArrayList<>();
    if (skipped > 0) {
      taken.add("%,d skipped by where or share".formatted(skipped));
    }
    if (damaged > 0) {
      taken.add("%,d damaged (the first are in %s)".formatted(damaged, quarantine));
    }
    dropped(counts)
        .forEach((reason, count) -> taken.add("%,d dropped: %s".formatted(count, reason)));
    return "of %,d records none is left: %s; loosen what takes them, or add texts"
        .formatted(records + skipped, String.join(", ", taken));
  }

  private static SortedMap<String, Long> dropped(List<DocumentsStep.Counts> counts) {
    SortedMap<String, Long> dropped = new TreeMap<>();
    counts.forEach(
        each -> each.dropped().forEach((reason, count) -> dropped.merge(reason, count, Long::sum)));
    return dropped;
  }

  CorpusCard publish(Built built) throws IOException {
    Files.deleteIfExists(out.resolve(CorpusCard.FILE));
    CorpusCard card = card(built);
    writeLists(built);
    Tokens tokens = built.tokens();
    if (tokens != null) {
      replace("tokenizer", folder -> linkAll(tokens.tokenizer(), folder));
      replace(
          "streams",
          folder -> {
            for (Path shard : tokens.shards().values()) {
              linkAll(shard.resolveSibling(""), folder);
            }
          });
    }
    replace(StreamTexts.FOLDER, folder -> linkTexts(built.streams(), folder));
    card.write(out);
    return card;
  }

  private interface Content {
    void writeTo(Path folder) throws IOException;
  }

  private void replace(String name, Content content) throws IOException {
    Path target = out.resolve(name);
    if (Files.exists(target)) {
      WholeFolder.delete(target);
    }
    content.writeTo(Files.createDirectories(target));
  }

  private static void linkTexts(List<Path> streams, Path folder) throws IOException {
    for (int i = 0; i < streams.size(); i++) {
      for (String stream : StreamsStep.streams(streams.get(i))) {
        Path ofStream = Files.createDirectories(folder.resolve(stream));
        link(
            StreamsStep.stream(streams.get(i), stream),
            ofStream.resolve(String.format(Locale.ROOT, "%05d", i) + DocumentFile.ENDING));
      }
    }
  }

  private static void linkAll(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.sorted().toList()) {
        link(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** A second name costs no second copy; where the file system has none, a copy does. */
  private static void link(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(file, target);
    }
  }

  private void writeLists(Built built) throws IOException {
    List<DocumentsStep.Contaminated> contaminated = new ArrayList<>();
    for (Path folder : built.documentFolders()) {
      contaminated.addAll(DocumentsStep.contaminated(folder));
    }
    JsonFile.writeLines(out.resolve("contaminated.jsonl"), contaminated);
    Map<Duplicate.Place, String> ids = ids(built);
    List<Repeated> repeated = new ArrayList<>();
    for (Duplicate duplicate : built.duplicates()) {
      repeated.add(
          new Repeated(
              ids.getOrDefault(duplicate.document(), ""),
              ids.getOrDefault(duplicate.of(), ""),
              duplicate.jaccard()));
    }
    JsonFile.writeLines(out.resolve("duplicates.jsonl"), repeated);
  }

  /** The ids of all documents that repeat another, or are repeated. */
  private static Map<Duplicate.Place, String> ids(Built built) throws IOException {
    Map<Integer, Set<Integer>> wanted = new TreeMap<>();
    for (Duplicate duplicate : built.duplicates()) {
      for (Duplicate.Place place : List.of(duplicate.document(), duplicate.of())) {
        wanted.computeIfAbsent(place.split(), _ -> new HashSet<>()).add(place.ordinal());
      }
    }
    Map<Duplicate.Place, String> ids = new HashMap<>();
    for (Map.Entry<Integer, Set<Integer>> ofSplit : wanted.entrySet()) {
      List<String> all = SignaturesStep.ids(built.signatureFolders().get(ofSplit.getKey()));
      for (int ordinal : ofSplit.getValue()) {
        ids.put(new Duplicate.Place(ofSplit.getKey(), ordinal), all.get(ordinal));
      }
    }
    return ids;
  }

  private CorpusCard card(Built built) throws IOException {
    SortedMap<Integer, Amount> scores = new TreeMap<>();
    SortedMap<String, Amount> categories = new TreeMap<>();
    SortedMap<String, Amount> streams = new TreeMap<>();
    SortedMap<String, Long> tokensOfStream = new TreeMap<>();
    SortedMap<String, SortedMap<String, Long>> tokens = new TreeMap<>();
    List<CorpusCard.Excerpt> excerpts = new ArrayList<>();
    long tags = 0;
    for (int i = 0; i < built.splits().size(); i++) {
      StreamsStep.Counts made = StreamsStep.counts(built.streams().get(i));
      made.scores().forEach((score, amount) -> scores.merge(score, amount, Amount::and));
      made.categories().forEach((name, amount) -> categories.merge(name, amount, Amount::and));
      made.streams().forEach((name, amount) -> streams.merge(name, amount, Amount::and));
      excerpts.addAll(made.excerpts());
      StreamsStep.keepFew(excerpts);
      if (built.tokens() != null) {
        TokensStep.Counts encoded = TokensStep.counts(built.tokens().ofSplits().get(i));
        SortedMap<String, Long> ofSource =
            tokens.computeIfAbsent(built.splits().get(i).source(), _ -> new TreeMap<>());
        encoded
            .tokens()
            .forEach(
                (stream, count) -> {
                  ofSource.merge(stream, count, Long::sum);
                  tokensOfStream.merge(stream, count, Long::sum);
                });
        tags += encoded.tags();
      }
    }
    SortedMap<String, CorpusCard.Stream> streamsWithTokens = new TreeMap<>();
    streams.forEach(
        (name, amount) ->
            streamsWithTokens.put(
                name,
                new CorpusCard.Stream(
                    amount.documents(), amount.bytes(), tokensOfStream.getOrDefault(name, 0L))));
    return new CorpusCard(
        CorpusCard.SCHEMA,
        corpus.name(),
        sources(built),
        scores,
        categories,
        harm(built),
        streamsWithTokens,
        tokens,
        built.tokens() == null ? null : described(built.tokens().tokenizer(), tags),
        duplicates(built),
        contamination(built),
        interventions(built),
        built.scorers(),
        List.copyOf(excerpts));
  }

  private static CorpusCard.Harm harm(Built built) throws IOException {
    SortedMap<String, Long> asFound = new TreeMap<>();
    SortedMap<String, CorpusCard.HarmInStream> streams = new TreeMap<>();
    for (Path folder : built.streams()) {
      StreamsStep.Counts made = StreamsStep.counts(folder);
      made.harm().forEach((category, count) -> asFound.merge(category, count, Long::sum));
      made.harmOfStreams()
          .forEach((stream, counts) -> streams.merge(stream, counts, CorpusCard.HarmInStream::and));
    }
    return new CorpusCard.Harm(HarmMentions.QUERIES, asFound, streams);
  }

  private static CorpusCard.Tokens described(Path folder, long tags) {
    Tokenizer tokenizer = PerWorker.tokenizer(folder);
    return new CorpusCard.Tokens(tokenizer.vocabSize(), tokenizer.fingerprint(), tags);
  }

  private CorpusCard.Interventions interventions(Built built) throws IOException {
    SortedMap<String, String> kinds = new TreeMap<>();
    SortedMap<String, String> packing = new TreeMap<>();
    spec.interventions()
        .forEach(
            (stream, rule) -> {
              kinds.put(stream, rule.kind().toString());
              packing.put(stream, rule.packing().toString());
            });
    SortedMap<String, SortedMap<String, Long>> failed = new TreeMap<>();
    long removed = 0;
    for (Path streams : built.streams()) {
      StreamsStep.Counts counts = StreamsStep.counts(streams);
      removed += counts.removed();
      counts.failed().forEach((stream, reasons) -> addTo(failed, stream, reasons));
    }
    SortedMap<String, Long> unknown = new TreeMap<>();
    for (Path scores : built.scores()) {
      ScoresStep.unknown(scores)
          .forEach((reason, count) -> unknown.merge(reason, count, Long::sum));
    }
    return new CorpusCard.Interventions(kinds, packing, failed, removed, unknown);
  }

  private static void addTo(
      SortedMap<String, SortedMap<String, Long>> all,
      String stream,
      SortedMap<String, Long> reasons) {
    SortedMap<String, Long> ofStream = all.computeIfAbsent(stream, _ -> new TreeMap<>());
    reasons.forEach((reason, count) -> ofStream.merge(reason, count, Long::sum));
  }

  private List<CorpusCard.Source> sources(Built built) {
    List<CorpusCard.Source> sources = new ArrayList<>();
    for (String name : spec.documents().keySet()) {
      Set<String> files = new HashSet<>();
      SortedMap<String, Long> dropped = new TreeMap<>();
      Amount kept = new Amount(0, 0);
      long records = 0;
      long skipped = 0;
      long damaged = 0;
      long tags = 0;
      for (int i = 0; i < built.splits().size(); i++) {
        if (built.splits().get(i).source().equals(name)) {
          DocumentsStep.Counts counts = built.documents().get(i);
          files.add(built.splits().get(i).file());
          counts.dropped().forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
          kept = kept.and(new Amount(counts.kept(), counts.keptBytes()));
          records += counts.records();
          skipped += counts.skipped();
          damaged += counts.damaged();
          tags += counts.tags();
        }
      }
      for (Duplicate duplicate : built.duplicates()) {
        if (built.splits().get(duplicate.document().split()).source().equals(name)) {
          dropped.merge(duplicate.reason(), 1L, Long::sum);
        }
      }
      sources.add(
          new CorpusCard.Source(
              name, files.size(), records, skipped, damaged, tags, dropped, kept));
    }
    return sources;
  }

  private CorpusCard.@Nullable Duplicates duplicates(Built built) {
    var near = spec.cleaning().nearDuplicates();
    if (near == null && !spec.cleaning().exactDuplicates()) {
      return null;
    }
    long exact = built.duplicates().stream().filter(Duplicate::exact).count();
    return new CorpusCard.Duplicates(
        near == null ? null : near.threshold(),
        near == null ? null : near.wordsPerShingle(),
        near == null ? null : near.bands(),
        near == null ? null : near.rowsPerBand(),
        exact,
        built.duplicates().size() - exact);
  }

  private CorpusCard.@Nullable Contamination contamination(Built built) throws IOException {
    var declared = spec.cleaning().contamination();
    if (declared == null || built.contamination() == null) {
      return null;
    }
    SortedMap<String, Long> documents = new TreeMap<>();
    for (Path folder : built.documentFolders()) {
      for (DocumentsStep.Contaminated each : DocumentsStep.contaminated(folder)) {
        documents.merge(each.suite(), 1L, Long::sum);
      }
    }
    return new CorpusCard.Contamination(
        declared.words(), built.contamination().shortPrompts(), documents);
  }
}
