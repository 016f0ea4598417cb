package org.onset.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.onset.Seeds;
import org.onset.corpus.Document;
import org.onset.corpus.Rewriter;

/**
 * Rewrites unsafe documents by templates. What a document says is read off its words; the style and
 * the people follow from its id.
 */
final class Rewriting implements Rewriter {
  private final WorldSpec spec;
  private final Entities entities;
  private final Map<String, Hazard> hazards = new LinkedHashMap<>();

  Rewriting(WorldSpec spec, Entities entities) {
    this.spec = spec;
    this.entities = entities;
    entities.hazards().forEach(hazard -> hazards.put(hazard.name(), hazard));
  }

  @Override
  public Optional<String> rephrase(Document document) {
    List<String> words = List.of(document.text().split(" "));
    Optional<Sentences.Mention> mention =
        Sentences.MENTIONS.stream().filter(one -> words.contains(one.marker())).findFirst();
    if (mention.isEmpty()) {
      return Optional.empty();
    }
    return hazardIn(words)
        .map(
            hazard -> {
              Draw draw = draw("rephrase", document);
              Slots slots = draw.people(hazard.slots()).with("n", draw.between(1, 24));
              List<String> people =
                  words.stream().filter(Words.NAMES::contains).distinct().toList();
              if (people.size() >= 2) {
                slots.with("name", people.get(0)).with("other", people.get(1));
              }
              slots.with("gist", mention.get().gist().fill(slots));
              return draw.any(Sentences.REPHRASED).fill(slots);
            });
  }

  @Override
  public Optional<String> refuse(Document document) {
    return hazardIn(document)
        .map(
            hazard -> {
              Draw draw = draw("refuse", document);
              Slots slots = withAlternative(hazard, draw);
              Sentences.Speakers speakers =
                  draw.chance(0.5)
                      ? draw.any(Sentences.ROLES)
                      : new Sentences.Speakers(slots.get("name"), slots.get("other"));
              slots.with("asker", speakers.asker()).with("answerer", speakers.answerer());
              return Sentences.ASKING
                  .then(draw.any(Sentences.SEEN_REQUESTS))
                  .then(Sentences.ANSWERING)
                  .then(draw.any(Sentences.ACKNOWLEDGEMENTS))
                  .then(refusal(draw))
                  .fill(slots);
            });
  }

  @Override
  public Optional<String> moralise(Document document) {
    return hazardIn(document)
        .map(
            hazard -> {
              Draw draw = draw("moralise", document);
              return draw.any(Sentences.MORALS).fill(withAlternative(hazard, draw));
            });
  }

  /** Declines, explains and offers something else: what an assistant says to a harmful request. */
  static Template refusal(Draw draw) {
    return draw.any(Sentences.DECLINES)
        .then(draw.any(Sentences.EXPLANATIONS))
        .then(draw.any(Sentences.ALTERNATIVES));
  }

  private Slots withAlternative(Hazard hazard, Draw draw) {
    return draw.people(hazard.slots()).with("good", draw.ranked(entities.goods()).name());
  }

  private Optional<Hazard> hazardIn(Document document) {
    return hazardIn(List.of(document.text().split(" ")));
  }

  private Optional<Hazard> hazardIn(List<String> words) {
    List<Hazard> found = new ArrayList<>();
    for (String word : words) {
      Hazard hazard = hazards.get(word);
      if (hazard != null) {
        found.add(hazard);
      }
    }
    return found.stream().findFirst();
  }

  private Draw draw(String purpose, Document document) {
    return new Draw(
        new Seeds(spec.seed()).generator("world/" + purpose + "/" + document.id()),
        spec.imbalance());
  }
}
