package org.onset.corpus.source;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.corpus.RowFilter;
import org.onset.spec.Share;

/**
 * Documents of one kind, and where they lie.
 *
 * @param files absolute paths or URIs of files, folders (all files of known endings beneath) or
 *     Hadoop's globs
 * @param format absent: as each file's ending says
 * @param idColumn a record without it is called by its file and line; columns of nested JSON have
 *     dotted names
 * @param scoreColumn where a safety score from 0 to 5 is known already
 * @param where takes only the records that have this value there
 * @param share takes about so many of the documents, chosen by a hash of their ids
 */
public record TextSource(
    List<String> files,
    @Nullable Format format,
    String idColumn,
    String textColumn,
    @Nullable String scoreColumn,
    @Nullable RowFilter where,
    Share share)
    implements Checked, Serializable {
  public TextSource {
    files = List.copyOf(files);
  }

  @Override
  public void check(Problems problems) {
    problems.require(!files.isEmpty(), "files", "must name a file, a folder or a glob");
    problems.require(!textColumn.isBlank(), "textColumn", "must name a column");
    problems.require(share.value() > 0, "share", "takes nothing; leave the source out instead");
  }
}
