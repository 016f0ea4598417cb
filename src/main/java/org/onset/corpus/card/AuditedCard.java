package org.onset.corpus.card;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;

/**
 * A corpus's card, with what people found in a sample of it.
 *
 * @param audit absent where nobody labelled anything of this build
 * @param outdated whether there is an audit of an earlier build, which says nothing of this one
 */
public record AuditedCard(CorpusCard card, @Nullable Audit audit, boolean outdated) {
  /**
   * Reads both from a built corpus's folder.
   *
   * @throws BadInput where there is no card, or one of the two can't be read
   */
  public static AuditedCard read(Path folder) throws IOException {
    CorpusCard card = CorpusCard.read(folder.resolve(CorpusCard.FILE));
    Optional<Audit> audit = Audit.read(folder);
    boolean outdated =
        audit.isPresent() && !audit.get().corpus().equals(AuditSample.fingerprint(folder));
    return new AuditedCard(card, outdated ? null : audit.orElse(null), outdated);
  }
}
