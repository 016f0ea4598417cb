package org.onset.corpus;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.onset.BadInput;
import org.onset.Fingerprint;

/**
 * Texts that someone wrote beforehand, each for one document or for any. In the files a row's
 * {@code text} is the text and its {@code id}, where there is one, the document's.
 */
public final class WrittenTexts implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String ID = "id";

  private final TreeMap<String, ArrayList<String>> byId = new TreeMap<>();
  private final ArrayList<String> forAny = new ArrayList<>();
  private String fingerprint = "";

  private WrittenTexts() {}

  /**
   * Reads all files (those that {@link Sources} can read) before it complains, and then of all at
   * once.
   *
   * @throws BadInput when files are missing, damaged or empty, or rows have no text
   */
  public static WrittenTexts read(List<Path> files) {
    WrittenTexts texts = new WrittenTexts();
    Complaints complaints = new Complaints();
    StringBuilder content = new StringBuilder();
    for (Path file : files) {
      int before = complaints.count();
      int[] rows = {0};
      Records.read(
          file,
          Set.of(Row.TEXT),
          complaints,
          row -> {
            rows[0]++;
            String text = row.values().getOrDefault(Row.TEXT, "");
            String id = row.values().getOrDefault(ID, "");
            if (text.isBlank()) {
              complaints.add(
                  file,
                  row.line(),
                  row.values().containsKey(Row.TEXT)
                      ? "`text` is empty"
                      : Reading.lacks(Row.TEXT, row));
            } else if (id.isBlank()) {
              texts.forAny.add(text);
            } else {
              texts.byId.computeIfAbsent(id, _ -> new ArrayList<>()).add(text);
            }
            content.append(Fingerprint.of(id)).append(Fingerprint.of(text));
            return true;
          });
      if (rows[0] == 0 && complaints.count() == before) {
        complaints.add(file, "holds nothing");
      }
    }
    complaints.throwIfAny();
    texts.fingerprint = Fingerprint.of(content.toString());
    return texts;
  }

  /**
   * What may serve a document, in the order of the files: the texts written for it, or else those
   * for any document; none when there are neither.
   */
  public List<String> of(String documentId) {
    List<String> own = byId.get(documentId);
    return Collections.unmodifiableList(own == null ? forAny : own);
  }

  /** SHA-256 of all ids and texts in their order, wherever the files lie. */
  public String fingerprint() {
    return fingerprint;
  }
}
