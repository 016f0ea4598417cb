package org.onset.study.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.corpus.DialogueSource;
import org.onset.corpus.RequestSource;
import org.onset.corpus.Source;
import org.onset.corpus.Streams;
import org.onset.corpus.intervene.Rule;
import org.onset.corpus.pipeline.CorpusSpec;
import org.onset.corpus.score.ScorerSpec;
import org.onset.spec.Share;
import org.onset.world.DialogueKind;
import org.onset.world.World;
import org.onset.world.WorldSpec;

/** Where texts, dialogues and requests come from: the built-in world, or files. */
public record DataSpec(
    @Nullable WorldData world, @Nullable FilesData files, Map<String, Integer> maxEpochs)
    implements Checked {

  public DataSpec {
    maxEpochs = StudySpec.inOrder(maxEpochs);
  }

  @Override
  public void check(Problems problems) {
    problems.require((world == null) != (files == null), "", "needs exactly one of: world, files");
    maxEpochs.forEach((stream, epochs) -> problems.positive("maxEpochs." + stream, epochs));
  }

  /** The pretraining streams that have a source. */
  public List<String> streams() {
    if (files == null) {
      return Streams.NAMES;
    }
    List<String> streams = new ArrayList<>(files.corpus().interventions().keySet());
    streams.addAll(files.streams().keySet());
    return streams;
  }

  /** What streams are made by: of the world what serves as a rule, of files what is declared. */
  public Map<String, Rule> rules() {
    if (files != null) {
      return files.corpus().interventions();
    }
    Rule tagged =
        new Rule(
            Rule.Kind.TAG,
            List.of(1, 2, 3, 4, 5),
            world == null ? null : world.tagProbability(),
            null,
            null,
            null,
            null,
            Rule.Packing.JOINED);
    return Map.of(Streams.TAGGED, tagged);
  }

  /** Whether the tag stands in the stream. */
  public boolean isTagged(String stream) {
    Rule rule = rules().get(stream);
    return rule != null && rule.kind() == Rule.Kind.TAG;
  }

  /** The streams of which a sequence holds one document. */
  public List<String> separateStreams() {
    return rules().entrySet().stream()
        .filter(stream -> stream.getValue().packing() == Rule.Packing.SEPARATE)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether there are unsafe texts for instruction tuning, with and without the tag. */
  boolean hasTagCompletions() {
    return files == null || files.taggedStream().isPresent();
  }

  /** The dialogue sets that have a source. */
  public List<String> dialogueSets() {
    if (files != null) {
      return List.copyOf(files.kinds());
    }
    List<String> sets = new ArrayList<>();
    for (DialogueKind kind : DialogueKind.values()) {
      sets.add(kind.label());
    }
    World.benignTasks().forEach(task -> sets.add(WorldData.benignSet(task)));
    return sets;
  }

  /** What a reader must know before believing the results. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (files != null && files.corpus().heldOut().value() == 0) {
      warnings.add(
          "data.files.corpus.heldOut is 0%: no text is held out, so no perplexity is measured");
    }
    if (files != null && files.corpus().cleaning().contamination() == null) {
      warnings.add(
          "data.files.corpus.cleaning.contamination is off: training text may hold what the study"
              + " asks");
    }
    return warnings;
  }

  /** The suites of requests that are asked, and whether they are harmful. */
  Map<String, Boolean> requestSuites() {
    return files == null ? WorldData.requestSuites() : files.requestSuites();
  }

  /** The suites of questions with one right answer. */
  List<String> quizzes() {
    return files == null ? WorldData.quizzes() : List.of();
  }

  /** The attacks that the results of a suite tell apart; none where there is only one. */
  List<String> attacks(String suite) {
    return files == null ? WorldData.attacks(suite) : List.of();
  }

  /**
   * The built-in world and how much it writes; the first four are those of {@link
   * org.onset.world.WorldSpec}.
   *
   * @param tagProbability that the tag stands before a word of an unsafe text
   * @param scorer is measured on the world's texts; their streams follow their true scores
   */
  public record WorldData(
      long seed,
      int goods,
      int hazards,
      double imbalance,
      long safeTokens,
      long unsafeTokens,
      int dialogues,
      Share tagProbability,
      ScorerSpec scorer)
      implements Checked {
    private static final String HARMFUL = "harmful";
    private static final long MOST_TOKENS = 1_000_000_000;
    private static final int MOST_DIALOGUES = 1_000_000;

    /** The suites of its requests, and whether they are harmful. */
    static Map<String, Boolean> requestSuites() {
      Map<String, Boolean> suites = new LinkedHashMap<>();
      suites.put(HARMFUL, true);
      suites.put("borderline", false);
      suites.put("benign", false);
      return suites;
    }

    static List<String> quizzes() {
      return List.of("quiz", "safety-quiz");
    }

    /** How requests of a suite are put, where that is told apart in the results. */
    static List<String> attacks(String suite) {
      return suite.equals(HARMFUL) ? List.of("direct", "wrapper") : List.of();
    }

    /** The dialogue set of a benign task. */
    public static String benignSet(String task) {
      return "benign-" + task;
    }

    @Override
    public void check(Problems problems) {
      spec().check(problems);
      problems.within("safeTokens", safeTokens, 1, MOST_TOKENS);
      problems.within("unsafeTokens", unsafeTokens, 1, MOST_TOKENS);
      problems.within("dialogues", dialogues, 1, MOST_DIALOGUES);
    }

    public WorldSpec spec() {
      return new WorldSpec(seed, goods, hazards, imbalance);
    }
  }

  /**
   * The user's files.
   *
   * @param corpus what becomes of the documents; what shares words with {@code requests} or {@code
   *     probes} is left out of it unless contamination is switched off
   * @param streams further pretraining streams → kinds of dialogues, written out as text
   * @param probes harmful and harmless texts for the probes
   */
  public record FilesData(
      CorpusSpec corpus,
      List<DialogueSource> dialogues,
      Map<String, List<String>> streams,
      List<RequestSource> requests,
      List<RequestSource> probes)
      implements Checked {
    public FilesData {
      dialogues = List.copyOf(dialogues);
      streams = StudySpec.inOrder(streams);
      requests = List.copyOf(requests);
      probes = List.copyOf(probes);
    }

    @Override
    public void check(Problems problems) {
      for (int i = 0; i < dialogues.size(); i++) {
        String kind = dialogues.get(i).kind();
        problems.name("dialogues[" + i + "].kind", kind);
        requireNoMask(problems, "dialogues[" + i + "].kind", kind);
      }
      for (int i = 0; i < requests.size(); i++) {
        RequestSource source = requests.get(i);
        problems.require(
            requestSuites().getOrDefault(source.suite(), source.harmful()) == source.harmful(),
            "requests[" + i + "].suite",
            "'%s' is harmful in one source and harmless in another; give each its own suite",
            source.suite());
      }
      problems.require(
          probes.isEmpty() || probes.stream().map(RequestSource::harmful).distinct().count() == 2,
          "probes",
          "must hold both harmful and harmless texts, or nothing");
      streams.forEach(
          (stream, kinds) -> {
            problems.name("streams." + stream, stream);
            requireNoMask(problems, "streams." + stream, stream);
            problems.require(
                !kinds.isEmpty(), "streams." + stream, "must name a kind of dialogues");
            problems.require(
                !corpus.interventions().containsKey(stream) && !stream.equals(Streams.HELD_OUT),
                "streams." + stream,
                "comes from the corpus's documents and can't have another source");
            for (String kind : kinds) {
              problems.require(
                  kinds().contains(kind),
                  "streams." + stream,
                  "no dialogues are of the kind '%s'; there are %s",
                  kind,
                  kinds());
            }
          });
    }

    private static void requireNoMask(Problems problems, String field, String name) {
      problems.require(
          !name.endsWith("_mask"), field, "must not end in _mask, as the files of masks do");
    }

    public Set<String> kinds() {
      return dialogues.stream()
          .map(DialogueSource::kind)
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Every suite and whether it is harmful, as its first source says. */
    Map<String, Boolean> requestSuites() {
      Map<String, Boolean> suites = new LinkedHashMap<>();
      requests.forEach(source -> suites.putIfAbsent(source.suite(), source.harmful()));
      return suites;
    }

    /** The first stream in which the tag stands. */
    public Optional<String> taggedStream() {
      return corpus.interventions().entrySet().stream()
          .filter(stream -> stream.getValue().kind() == Rule.Kind.TAG)
          .map(Map.Entry::getKey)
          .findFirst();
    }

    /** The corpus, held against what the study asks and probes with as well. */
    public CorpusSpec heldAgainstSuites() {
      return corpus.heldAgainst(Stream.concat(requests.stream(), probes.stream()).toList());
    }

    /** Every file that the study reads, but for those of documents and of written texts. */
    public List<Source> sources() {
      CorpusSpec.Decontamination contamination = heldAgainstSuites().cleaning().contamination();
      List<RequestSource> suites = contamination == null ? List.of() : contamination.suites();
      return Stream.of(corpus.scoring().labelled(), dialogues, requests, probes, suites)
          .<Source>flatMap(List::stream)
          .distinct()
          .toList();
    }
  }
}
