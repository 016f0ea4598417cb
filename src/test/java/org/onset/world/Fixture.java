package org.onset.world;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.onset.corpus.Document;
import org.onset.corpus.Request;

/** One world at full size, and what the tests look up in it. */
final class Fixture {
  private Fixture() {}

  static final long SAFE_TOKENS = 700_000;
  static final long UNSAFE_TOKENS = 240_000;

  static final World WORLD = World.generate(WorldSpec.standard(7));
  static final Entities ENTITIES = Entities.generate(WORLD.spec());
  static final Grammar GRAMMAR = new Grammar(ENTITIES);
  static final List<Document> DOCUMENTS = WORLD.documents(SAFE_TOKENS, UNSAFE_TOKENS);
  static final List<Document> SAFE =
      DOCUMENTS.stream().filter(document -> score(document) == 0).toList();
  static final List<Document> UNSAFE =
      DOCUMENTS.stream().filter(document -> score(document) > 0).toList();

  static int score(Document document) {
    return document.score().orElseThrow();
  }

  static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  static Set<String> allWords(List<String> texts) {
    Set<String> words = new LinkedHashSet<>();
    texts.forEach(text -> words.addAll(words(text)));
    return words;
  }

  static Request request(String id) {
    return WORLD.requests().stream()
        .filter(request -> request.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  static List<Request> suite(String suite) {
    return WORLD.requests().stream().filter(request -> request.suite().equals(suite)).toList();
  }

  static Hazard hazardIn(String text) {
    return ENTITIES.hazards().stream()
        .filter(hazard -> words(text).contains(hazard.name()))
        .findFirst()
        .orElseThrow();
  }

  static Good goodIn(String text) {
    return ENTITIES.goods().stream()
        .filter(good -> words(text).contains(good.name()))
        .findFirst()
        .orElseThrow();
  }
}
