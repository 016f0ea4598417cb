package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.onset.BadInput;
import org.onset.corpus.Split;
import org.onset.corpus.card.AuditSample;

/** Draws documents of a built corpus for people to label. */
public final class AuditDraw {
  private static final int EXCERPT_CHARACTERS = 1_000;
  private static final String NO_SCORES =
      ": its texts bring no scores; those of a stream that keeps them as they were found do, in a"
          + " corpus built with this Onset";

  private static final Comparator<Placed> ORDER =
      Comparator.comparingDouble(Placed::position).thenComparing(placed -> placed.document().id());

  private record Placed(double position, AuditSample.Drawn document) {}

  private AuditDraw() {}

  /**
   * Draws {@code perScore} documents of each score, or all where there are fewer: those whose ids
   * hash lowest together with the seed, whatever else is in the corpus. Of documents with one id
   * the first counts.
   *
   * @throws BadInput where the folder's texts bring no scores
   */
  public static AuditSample draw(Path corpus, int perScore, long seed) throws IOException {
    String fingerprint = AuditSample.fingerprint(corpus);
    SortedMap<Integer, TreeSet<Placed>> lowest = new TreeMap<>();
    List<Path> unscored = new ArrayList<>();
    for (Path stream : StreamTexts.files(corpus.resolve(StreamTexts.FOLDER))) {
      for (Path file : StreamTexts.files(stream)) {
        if (!bringsScores(file)) {
          unscored.add(file);
          continue; // texts that were changed have no score of their own
        }
        DocumentFile.read(
            file,
            _ -> true,
            (_, document) -> {
              Placed placed =
                  new Placed(Split.position("audit/" + seed, document.id()), drawn(file, document));
              TreeSet<Placed> ofScore =
                  lowest.computeIfAbsent(placed.document().score(), _ -> new TreeSet<>(ORDER));
              ofScore.add(placed);
              if (ofScore.size() > perScore) {
                ofScore.removeLast();
              }
            });
      }
    }
    List<AuditSample.Drawn> drawn = new ArrayList<>();
    TreeSet<String> ids = new TreeSet<>();
    for (TreeSet<Placed> ofScore : lowest.values()) {
      ofScore.stream()
          .map(Placed::document)
          .sorted(Comparator.comparing(AuditSample.Drawn::id))
          .filter(document -> ids.add(document.id()))
          .forEach(drawn::add);
    }
    if (drawn.isEmpty() && !unscored.isEmpty()) {
      throw new BadInput(unscored.getFirst() + NO_SCORES);
    }
    if (drawn.isEmpty()) {
      throw new BadInput(corpus.resolve(StreamTexts.FOLDER) + ": holds no document to draw");
    }
    return new AuditSample(AuditSample.SCHEMA, fingerprint, seed, perScore, drawn);
  }

  private static AuditSample.Drawn drawn(Path file, KeptDocument document) {
    int score = document.score().orElseThrow(() -> new BadInput(file + NO_SCORES));
    return new AuditSample.Drawn(
        document.id(),
        score,
        document.category().orElse(null),
        StreamsStep.beginning(document.text(), EXCERPT_CHARACTERS));
  }

  private static boolean bringsScores(Path file) throws IOException {
    try (DocumentFile.Reader reader = new DocumentFile.Reader(file)) {
      KeptDocument first = reader.next();
      return first != null && first.score().isPresent();
    }
  }
}
