package org.onset.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.onset.Seeds;
import org.onset.corpus.Dialogue;
import org.onset.corpus.Document;
import org.onset.corpus.Question;
import org.onset.corpus.Split;
import org.onset.corpus.Streams;
import org.onset.corpus.Tagger;
import org.onset.corpus.score.LinearScorer;
import org.onset.study.CorpusFolder.Text;
import org.onset.study.spec.DataSpec.WorldData;
import org.onset.token.SpecialTokens;
import org.onset.world.DialogueKind;
import org.onset.world.World;

/**
 * The corpus of the built-in world: documents are routed by their true scores, the scorer is only
 * measured.
 */
final class WorldCorpus {
  private static final double SCORER_HELD_OUT_SHARE = 0.2;

  /** About 1,500 texts, of which a study measures as many as it likes. */
  private static final long HELD_OUT_TOKENS = 30_000;

  private WorldCorpus() {}

  static CorpusFolder.Content make(WorldData data) {
    double tagProbability = data.tagProbability().value();
    World world = World.generate(data.spec());
    Seeds seeds = new Seeds(data.seed());
    List<Document> documents = world.documents(data.safeTokens(), data.unsafeTokens());
    Streams routed = Streams.route(documents, world, SpecialTokens.TAG, tagProbability, seeds);
    Map<String, List<Text>> streams = new LinkedHashMap<>();
    routed.documents().forEach((stream, texts) -> streams.put(stream, Text.of(texts)));

    Map<String, List<Dialogue>> dialogues = new LinkedHashMap<>();
    for (DialogueKind kind : DialogueKind.values()) {
      dialogues.put(kind.label(), world.instructionDialogues(kind, data.dialogues()));
    }
    for (String task : World.benignTasks()) {
      dialogues.put(WorldData.benignSet(task), world.benignDialogues(task, data.dialogues()));
    }
    List<Document> untagged = world.tagCompletions(data.dialogues());
    List<Question> questions = new ArrayList<>(world.quiz());
    questions.addAll(world.safetyQuiz());

    Split split = Split.byId(oneInFive(documents), SCORER_HELD_OUT_SHARE);
    return new CorpusFolder.Content(
        Map.of(),
        streams,
        dialogues,
        completions(untagged, tagProbability, seeds),
        Text.of(world.heldOutDocuments(HELD_OUT_TOKENS)),
        world.requests(),
        questions,
        world.probeTexts(),
        leftOut(routed),
        ScorerMeasure.of(LinearScorer.train(split.training(), data.scorer()), split.heldOut()));
  }

  /**
   * Enough for the scorer, which is only measured here; its training would take longest otherwise.
   */
  private static List<Document> oneInFive(List<Document> documents) {
    return IntStream.range(0, documents.size() / 5)
        .mapToObj(i -> documents.get(5 * i).withoutCategory())
        .toList();
  }

  /** The same texts with and without the tag, as {@code tagCompletions} asks for them. */
  private static Map<String, List<Text>> completions(
      List<Document> untagged, double tagProbability, Seeds seeds) {
    List<Text> tagged = new ArrayList<>();
    for (Document document : untagged) {
      String text =
          Tagger.tag(
              document.text(),
              SpecialTokens.TAG,
              tagProbability,
              seeds.generator("tag-completion/" + document.id()));
      tagged.add(new Text(document.id(), text));
    }
    Map<String, List<Text>> completions = new LinkedHashMap<>();
    completions.put("tagged", tagged);
    completions.put("untagged", Text.of(untagged));
    return completions;
  }

  private static Map<String, Long> leftOut(Streams routed) {
    Map<String, Long> leftOut = new LinkedHashMap<>();
    leftOut.put("blank documents", (long) routed.blank());
    leftOut.put("literal tags removed", (long) routed.tagsRemoved());
    routed
        .declined()
        .forEach((stream, count) -> leftOut.put("not rewritten for " + stream, (long) count));
    return leftOut;
  }
}
