package org.onset.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.onset.BadInput;
import org.onset.Seeds;
import org.onset.corpus.Deduplication;
import org.onset.corpus.Dialogue;
import org.onset.corpus.Document;
import org.onset.corpus.Request;
import org.onset.corpus.Rewriter;
import org.onset.corpus.Sources;
import org.onset.corpus.Split;
import org.onset.corpus.Streams;
import org.onset.corpus.score.LinearScorer;
import org.onset.corpus.score.ScorerSpec;
import org.onset.study.CorpusFolder.Text;
import org.onset.study.spec.DataSpec.FilesData;
import org.onset.token.SpecialTokens;
import org.onset.world.ProbeText;

/**
 * The corpus made of the user's files: documents get the score that the trained classifier gives
 * them.
 */
final class FilesCorpus {
  private static final double LABELLED_HELD_OUT_SHARE = 0.2;

  /** Of the probe's texts, those the probe is not fitted on. */
  private static final double PROBE_TEST_SHARE = 0.5;

  private static final Seeds SEEDS = new Seeds(0);

  private FilesCorpus() {}

  /** What the files hold; all that is wrong with any of them is said together. */
  private record Inputs(
      List<Document> labelled,
      List<Document> documents,
      List<Dialogue> dialogues,
      List<Request> requests,
      List<Request> probes) {
    static Inputs read(FilesData data) {
      List<String> problems = new ArrayList<>();
      Inputs inputs =
          new Inputs(
              read(() -> Sources.labelled(data.labelled()), problems),
              read(() -> Sources.documents(data.documents()), problems),
              read(() -> Sources.dialogues(data.dialogues()), problems),
              read(() -> Sources.requests(data.requests()), problems),
              read(() -> Sources.requests(data.probes()), problems));
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

  static CorpusFolder.Content make(FilesData data, double tagProbability, ScorerSpec scorerSpec) {
    Inputs inputs = Inputs.read(data);
    Split labelled = Split.byId(inputs.labelled(), LABELLED_HELD_OUT_SHARE);
    LinearScorer scorer =
        LinearScorer.train(
            labelled.training().stream().map(Document::withoutCategory).toList(), scorerSpec);
    Deduplication documents = Deduplication.of(inputs.documents());
    List<Document> scored =
        documents.kept().stream()
            .map(
                document ->
                    document.score().isPresent()
                        ? document
                        : document.withScore(scorer.score(document.text()).level()))
            .toList();
    List<Document> safe =
        scored.stream().filter(document -> document.score().orElse(0) == 0).toList();
    Split safeSplit = Split.byId(safe, data.heldOut().value());
    List<Document> pretraining = new ArrayList<>(safeSplit.training());
    scored.stream().filter(document -> document.score().orElse(0) > 0).forEach(pretraining::add);

    // Templates don't rewrite real prose: the other streams come from files or not at all.
    Streams routed =
        Streams.route(pretraining, Rewriter.none(), SpecialTokens.TAG, tagProbability, SEEDS);
    Map<String, List<Dialogue>> dialogues = byKind(inputs.dialogues());
    Map<String, List<Text>> streams = new LinkedHashMap<>();
    for (String stream : List.of(Streams.SAFE, Streams.UNSAFE, Streams.TAGGED)) {
      streams.put(stream, Text.of(routed.of(stream)));
    }
    data.streams().forEach((stream, kinds) -> streams.put(stream, asTexts(kinds, dialogues)));

    Map<String, Long> leftOut = WorldCorpus.leftOut(routed);
    documents
        .dropped()
        .forEach((source, count) -> leftOut.put("repeated in " + source, (long) count));
    return new CorpusFolder.Content(
        streams,
        dialogues,
        WorldCorpus.completions(routed.of(Streams.UNSAFE), tagProbability, SEEDS),
        Text.of(safeSplit.heldOut()),
        inputs.requests(),
        List.of(),
        probeTexts(inputs.probes()),
        leftOut,
        ScorerMeasure.of(scorer, labelled.heldOut()));
  }

  private static Map<String, List<Dialogue>> byKind(List<Dialogue> dialogues) {
    Map<String, List<Dialogue>> byKind = new LinkedHashMap<>();
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
