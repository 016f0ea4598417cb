package org.onset.corpus.score;

import java.util.ArrayList;
import java.util.List;
import org.onset.Fingerprint;
import org.onset.corpus.Document;

/**
 * Several scorers, of which the most worried is believed: the level is the maximum of its members'
 * (the paper's rule, for the sake of recall), the category that of the first member to give it.
 */
public final class Ensemble implements SafetyScorer {
  static final String NAME = "ensemble";

  private final List<SafetyScorer> members;

  private Ensemble(List<SafetyScorer> members) {
    this.members = members;
  }

  /** Closes its members when it is closed. */
  public static Ensemble of(List<? extends SafetyScorer> members) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("an ensemble has at least one member");
    }
    return new Ensemble(List.copyOf(members));
  }

  /** Trains the members that a spec names, the linear one first. */
  public static Ensemble train(List<Document> labelled, EnsembleSpec spec) {
    List<TrainedScorer> members = new ArrayList<>();
    if (spec.linear() != null) {
      members.add(LinearScorer.train(labelled, spec.linear()));
    }
    if (spec.embedding() != null) {
      members.add(EmbeddingScorer.train(labelled, spec.embedding()));
    }
    return of(members);
  }

  public List<SafetyScorer> members() {
    return members;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Score score(String text) {
    return worst(members.stream().map(member -> member.score(text)).toList());
  }

  @Override
  public List<Score> scoreAll(List<String> texts) {
    List<List<Score>> scores = members.stream().map(member -> member.scoreAll(texts)).toList();
    List<Score> worst = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      int text = i;
      worst.add(worst(scores.stream().map(ofMember -> ofMember.get(text)).toList()));
    }
    return worst;
  }

  /** Of equal levels the first. */
  static Score worst(List<Score> scores) {
    Score worst = scores.getFirst();
    for (Score score : scores) {
      if (score.level() > worst.level()) {
        worst = score;
      }
    }
    return worst;
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(
        NAME + "/" + String.join("/", members.stream().map(SafetyScorer::fingerprint).toList()));
  }

  @Override
  public void close() {
    members.forEach(SafetyScorer::close);
  }
}
