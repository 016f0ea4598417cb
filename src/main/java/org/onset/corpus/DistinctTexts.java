package org.onset.corpus;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.onset.Fingerprint;

/**
 * When two texts are one and the same: when they differ in nothing but white space and in how
 * Unicode composes its characters (NFC).
 */
public final class DistinctTexts {
  private DistinctTexts() {}

  /** The documents in their order; of those with equal texts the first stays. */
  public static List<Document> of(List<Document> documents) {
    List<Document> distinct = new ArrayList<>();
    Set<String> met = new HashSet<>();
    for (Document document : documents) {
      if (met.add(Fingerprint.of(normalised(document.text())))) {
        distinct.add(document);
      }
    }
    return distinct;
  }

  /** What equal texts have in common, and no others. */
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
