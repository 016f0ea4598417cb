package org.onset.corpus;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.onset.Fingerprint;

/**
 * Documents to learn from and documents to measure on. A document's side depends on its id alone,
 * so one document more moves no other; equal texts under two ids can fall on both sides, so remove
 * {@link DistinctTexts repeats} first.
 */
public record Split(List<Document> training, List<Document> heldOut) {
  public Split {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
  }

  public static Split byId(List<Document> documents, double heldOutShare) {
    if (!(heldOutShare >= 0 && heldOutShare <= 1)) {
      throw new IllegalArgumentException("a share lies within 0 and 1, was " + heldOutShare);
    }
    List<Document> training = new ArrayList<>();
    List<Document> heldOut = new ArrayList<>();
    for (Document document : documents) {
      (position("held-out", document.id()) < heldOutShare ? heldOut : training).add(document);
    }
    return new Split(training, heldOut);
  }

  /** Where an id falls in [0, 1): evenly spread, another place for every purpose. */
  public static double position(String purpose, String id) {
    byte[] digest = HexFormat.of().parseHex(Fingerprint.of(purpose + "/" + id));
    return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1p-53;
  }
}
