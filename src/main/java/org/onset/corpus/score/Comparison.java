package org.onset.corpus.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.onset.corpus.Document;

/**
 * How well an ensemble and each of its members score the same documents.
 *
 * @param together by the scorer's name, the ensemble last
 * @param bySource the same for the documents of each source alone
 */
public record Comparison(
    Map<String, Evaluation> together, Map<String, Map<String, Evaluation>> bySource) {

  public Comparison {
    together = Collections.unmodifiableMap(new LinkedHashMap<>(together));
    bySource = Collections.unmodifiableMap(new TreeMap<>(bySource));
  }

  /**
   * Scores documents that the scorers have not learned from, each once by each member; uses all
   * cores.
   */
  public static Comparison of(Ensemble ensemble, List<Document> heldOut) {
    List<Scored> scored =
        heldOut.parallelStream().map(document -> Scored.of(ensemble, document)).toList();
    Map<String, List<Scored>> sources = new TreeMap<>();
    scored.forEach(
        one -> sources.computeIfAbsent(one.document().source(), _ -> new ArrayList<>()).add(one));
    Map<String, Map<String, Evaluation>> bySource = new TreeMap<>();
    sources.forEach((source, ofSource) -> bySource.put(source, evaluations(ensemble, ofSource)));
    return new Comparison(evaluations(ensemble, scored), bySource);
  }

  /** A document and the levels that the members and the ensemble give it. */
  private record Scored(Document document, List<Integer> levels) {
    static Scored of(Ensemble ensemble, Document document) {
      List<Score> scores =
          ensemble.members().stream().map(member -> member.score(document.text())).toList();
      List<Integer> levels = new ArrayList<>(scores.stream().map(Score::level).toList());
      levels.add(Ensemble.worst(scores).level());
      return new Scored(document, levels);
    }
  }

  private static Map<String, Evaluation> evaluations(Ensemble ensemble, List<Scored> scored) {
    List<String> names = new ArrayList<>();
    ensemble.members().forEach(member -> names.add(member.name()));
    names.add(ensemble.name());
    List<Integer> truth = scored.stream().map(one -> Head.level(one.document())).toList();
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      int scorer = i;
      evaluations.put(
          names.get(i),
          Evaluation.of(scored.stream().map(one -> one.levels().get(scorer)).toList(), truth));
    }
    return evaluations;
  }
}
