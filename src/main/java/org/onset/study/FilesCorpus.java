package org.onset.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.corpus.Dialogue;
import org.onset.corpus.DistinctTexts;
import org.onset.corpus.Document;
import org.onset.corpus.Request;
import org.onset.corpus.Sources;
import org.onset.corpus.Split;
import org.onset.corpus.Streams;
import org.onset.corpus.Tagger;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.clean.Contamination;
import org.onset.corpus.pipeline.CorpusBuild;
import org.onset.corpus.pipeline.CorpusSpec;
import org.onset.corpus.pipeline.DeclaredCorpus;
import org.onset.corpus.pipeline.StreamTexts;
import org.onset.study.CorpusFolder.Text;
import org.onset.study.results.RunSummary.ScorerQuality;
import org.onset.study.spec.DataSpec.FilesData;
import org.onset.token.SpecialTokens;
import org.onset.world.ProbeText;

/** The corpus that is built of the user's documents, and the dialogues and requests beside it. */
final class FilesCorpus {
  /** Of the probe's texts, those the probe is not fitted on. */
  private static final double PROBE_TEST_SHARE = 0.5;

  /** More unsafe texts than any instruction tuning sees. */
  private static final long MOST_COMPLETIONS = 50_000;

  /** More than any study measures perplexity on. */
  private static final int MOST_HELD_OUT = 10_000;

  private FilesCorpus() {}

  /** What the files beside the documents hold; all that is wrong with any is said together. */
  private record Inputs(List<Dialogue> dialogues, List<Request> requests, List<ProbeText> probes) {
    static Inputs read(FilesData data) {
      List<String> problems = new ArrayList<>();
      Inputs inputs =
          new Inputs(
              read(() -> Sources.dialogues(data.dialogues()), problems),
              read(() -> Sources.requests(data.requests()), problems),
              read(() -> probeTexts(Sources.requests(data.probes())), problems));
      if (!problems.isEmpty()) {
        throw new BadInput(problems);
      }
      return inputs;
    }

    private static <T> List<T> read(Supplier<List<T>> source, List<String> problems) {
      try {
        return source.get();
      } catch (BadInput e) {
        problems.addAll(e.problems());
        return List.of();
      }
    }
  }

  /**
   * Builds the corpus within {@code output}, and returns what is to be written beside it.
   *
   * @param name of the study, which is that of its corpus
   * @param kept where the corpus's steps and the answers of language models are kept
   */
  static CorpusFolder.Content make(
      String name, FilesData data, CorpusFolder output, Path kept, String master, Progress.Task log)
      throws IOException {
    Inputs inputs = Inputs.read(data);
    CorpusCard card =
        CorpusBuild.run(
            new DeclaredCorpus(
                name, data.heldAgainstSuites(), null, field -> "data.files.corpus." + field),
            new CorpusBuild.Options(output.corpus(), kept, master),
            new BuildProgress(log));
    Map<String, Long> inCorpus = new LinkedHashMap<>();
    for (String stream : data.corpus().interventions().keySet()) {
      CorpusCard.@Nullable Stream built = card.streams().get(stream);
      inCorpus.put(stream, built == null ? 0 : built.documents());
    }
    Map<String, Long> leftOut = leftOut(card);
    Map<String, List<Dialogue>> dialogues =
        byKind(data, withoutContaminated(inputs.dialogues(), data, leftOut));
    Map<String, List<Text>> streams = new LinkedHashMap<>();
    data.streams().forEach((stream, kinds) -> streams.put(stream, asTexts(kinds, dialogues)));
    return new CorpusFolder.Content(
        inCorpus,
        streams,
        dialogues,
        completions(data, output.corpus(), inCorpus),
        heldOut(output.corpus()),
        inputs.requests(),
        List.of(),
        inputs.probes(),
        leftOut,
        scorerQuality(card));
  }

  /** Says what the build is doing. */
  private record BuildProgress(Progress.Task log) implements org.onset.corpus.pipeline.Progress {
    @Override
    public void begins(String step, int done, int all) {
      if (done < all) {
        log.say("%s: %d of %d to make".formatted(step, all - done, all));
      }
    }

    @Override
    public void ends(String step, double seconds) {}
  }

  /**
   * Dialogues are trained on as well, so they are held against the same suites; here a prompt of
   * too few words can be told too, where it is all that the user says.
   */
  private static List<Dialogue> withoutContaminated(
      List<Dialogue> dialogues, FilesData data, Map<String, Long> leftOut) {
    CorpusSpec.Decontamination declared = data.heldAgainstSuites().cleaning().contamination();
    if (declared == null) {
      return dialogues;
    }
    List<Request> suites = Sources.requests(declared.suites());
    Contamination contamination = new Contamination(Request.prompts(suites), declared.words());
    Set<String> whole =
        suites.stream().map(request -> folded(request.text())).collect(Collectors.toSet());
    List<Dialogue> kept = new ArrayList<>();
    for (Dialogue dialogue : dialogues) {
      String text = dialogue.asDocument("User", "Assistant").text();
      if (whole.contains(folded(dialogue.user())) || contamination.find(text).isPresent()) {
        leftOut.merge("contaminated in dialogues " + dialogue.kind(), 1L, Long::sum);
      } else {
        kept.add(dialogue);
      }
    }
    return kept;
  }

  private static String folded(String prompt) {
    return DistinctTexts.normalised(prompt).toLowerCase(Locale.ROOT);
  }

  /**
   * Every kind is there, empty if need be, so that whoever trains on it can say what is missing.
   */
  private static Map<String, List<Dialogue>> byKind(FilesData data, List<Dialogue> dialogues) {
    Map<String, List<Dialogue>> byKind = new LinkedHashMap<>();
    data.kinds().forEach(kind -> byKind.put(kind, new ArrayList<>()));
    for (Dialogue dialogue : dialogues) {
      byKind.computeIfAbsent(dialogue.kind(), _ -> new ArrayList<>()).add(dialogue);
    }
    return byKind;
  }

  private static List<Text> asTexts(List<String> kinds, Map<String, List<Dialogue>> dialogues) {
    List<Text> texts = new ArrayList<>();
    for (String kind : kinds) {
      for (Dialogue dialogue : dialogues.getOrDefault(kind, List.of())) {
        texts.add(new Text(dialogue.id(), dialogue.asDocument("User", "Assistant").text()));
      }
    }
    return texts;
  }

  /** In an order by their ids, so that the first few are of all sources. */
  private static List<Text> heldOut(Path corpus) throws IOException {
    TreeMap<Double, Text> texts = new TreeMap<>();
    StreamTexts.read(
        corpus,
        Streams.HELD_OUT,
        document -> {
          texts.put(
              Split.position("perplexity", document.id()),
              new Text(document.id(), document.text()));
          if (texts.size() > MOST_HELD_OUT) {
            texts.pollLastEntry();
          }
        });
    return List.copyOf(texts.values());
  }

  /** The texts of the tagged stream with and without the tag, of many about as many as serve. */
  private static Map<String, List<Text>> completions(
      FilesData data, Path corpus, Map<String, Long> inCorpus) throws IOException {
    Optional<String> stream = data.taggedStream();
    if (stream.isEmpty()) {
      return Map.of();
    }
    double share = (double) MOST_COMPLETIONS / Math.max(1, inCorpus.getOrDefault(stream.get(), 0L));
    List<Text> tagged = new ArrayList<>();
    List<Text> untagged = new ArrayList<>();
    StreamTexts.read(
        corpus,
        stream.get(),
        document -> {
          if (share >= 1 || Split.position("completion", document.id()) < share) {
            tagged.add(new Text(document.id(), document.text()));
            untagged.add(
                new Text(document.id(), Tagger.untag(document.text(), SpecialTokens.TAG).text()));
          }
        });
    return Map.of("tagged", tagged, "untagged", untagged);
  }

  private static Map<String, Long> leftOut(CorpusCard card) {
    Map<String, Long> leftOut = new LinkedHashMap<>();
    for (CorpusCard.Source source : card.sources()) {
      leftOut.put("damaged in " + source.name(), source.damaged());
      leftOut.put("literal tags removed from " + source.name(), source.tags());
      source
          .dropped()
          .forEach((reason, count) -> leftOut.put(reason + " in " + source.name(), count));
    }
    card.interventions()
        .failed()
        .forEach((stream, reasons) -> leftOut.put("not made for " + stream, sum(reasons)));
    leftOut.put("in no stream by their score", card.interventions().removed());
    leftOut.values().removeIf(count -> count == 0);
    return leftOut;
  }

  private static long sum(SortedMap<String, Long> counts) {
    return counts.values().stream().mapToLong(count -> count).sum();
  }

  private static List<ScorerQuality> scorerQuality(CorpusCard card) {
    return card.scorers().stream()
        .filter(
            each ->
                each.scorer().equals(CorpusCard.Quality.ENSEMBLE)
                    && each.set().equals(CorpusCard.Quality.ALL_SETS))
        .flatMap(each -> each.atLeast().entrySet().stream())
        .map(atLeast -> quality(atLeast.getKey(), atLeast.getValue()))
        .toList();
  }

  private static ScorerQuality quality(int score, CorpusCard.AtLeast atLeast) {
    CorpusCard.@Nullable Rate recall = atLeast.recall();
    CorpusCard.@Nullable Rate precision = atLeast.precision();
    return new ScorerQuality(
        score,
        recall == null ? 0 : recall.of(),
        recall == null ? null : recall.value(),
        precision == null ? null : precision.value());
  }

  private static List<ProbeText> probeTexts(List<Request> requests) {
    List<Document> documents =
        requests.stream()
            .map(request -> Document.unscored(request.id(), request.text(), request.suite()))
            .toList();
    Set<String> test =
        Split.byId(documents, PROBE_TEST_SHARE).heldOut().stream()
            .map(Document::id)
            .collect(Collectors.toSet());
    List<ProbeText> texts =
        requests.stream()
            .map(
                request ->
                    new ProbeText(
                        request.id(),
                        request.text(),
                        request.harmful(),
                        request.suite(),
                        test.contains(request.id())))
            .toList();
    requireBothKinds(texts);
    return texts;
  }

  /** In the fold that a probe is fitted on and in the one it is tested on. */
  private static void requireBothKinds(List<ProbeText> texts) {
    Map<Boolean, Set<Boolean>> kinds =
        texts.stream()
            .collect(
                Collectors.partitioningBy(
                    ProbeText::test, Collectors.mapping(ProbeText::harmful, Collectors.toSet())));
    if (!texts.isEmpty()
        && kinds.values().stream().anyMatch(kindsOfFold -> kindsOfFold.size() < 2)) {
      throw new BadInput(
          ("data.files.probes: of %d texts one half lacks the harmful or the harmless ones; give"
                  + " more of both")
              .formatted(texts.size()));
    }
  }
}
