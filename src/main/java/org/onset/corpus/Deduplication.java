package org.onset.corpus;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.onset.Fingerprint;

/**
 * Documents without exact repeats: of equal texts the first stays. Texts are equal when they differ
 * in nothing but white space and in how Unicode composes its characters (NFC).
 *
 * @param dropped source → how many of its documents repeated an earlier one
 */
public record Deduplication(List<Document> kept, Map<String, Integer> dropped) {
  public Deduplication {
    kept = List.copyOf(kept);
    dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
  }

  public static Deduplication of(List<Document> documents) {
    List<Document> kept = new ArrayList<>();
    Map<String, Integer> dropped = new TreeMap<>();
    Set<String> met = new HashSet<>();
    for (Document document : documents) {
      if (met.add(Fingerprint.of(normalised(document.text())))) {
        kept.add(document);
      } else {
        dropped.merge(document.source(), 1, Integer::sum);
      }
    }
    return new Deduplication(kept, dropped);
  }

  public static String normalised(String text) {
    char[] characters = Normalizer.normalize(text, Normalizer.Form.NFC).toCharArray();
    int length = 0;
    boolean space = false;
    for (char character : characters) { // what is kept never overtakes what is read
      if (Tagger.isSpace(character)) {
        space = true;
      } else {
        if (space && length > 0) {
          characters[length++] = ' ';
        }
        characters[length++] = character;
        space = false;
      }
    }
    return new String(characters, 0, length);
  }
}
