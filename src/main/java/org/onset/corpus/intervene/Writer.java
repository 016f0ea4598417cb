package org.onset.corpus.intervene;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.endpoint.EndpointSpec;

/**
 * Who finds the words of a stream; one of three.
 *
 * @param templates our own sentences, which know a document's category and nothing else of it
 * @param files the user's, as {@link org.onset.corpus.WrittenTexts} reads them: a text whose {@code
 *     id} is a document's is for that document, one without an {@code id} is for any document that
 *     has none of its own. Of several one is chosen by a hash of the document's id; reflections
 *     take them in turn, beginning there. Strings, since a rule travels
 * @param endpoint a language model
 * @param asking belongs to {@code endpoint}: how it is asked
 */
public record Writer(
    @Nullable Templates templates,
    @Nullable List<String> files,
    @Nullable EndpointSpec endpoint,
    @Nullable Asking asking)
    implements Checked, Serializable {

  public Writer {
    files = files == null ? null : List.copyOf(files);
  }

  /** Our own sentences; there is nothing to set. */
  public record Templates() implements Serializable {}

  public static Writer ofTemplates() {
    return new Writer(new Templates(), null, null, null);
  }

  public static Writer ofFiles(List<Path> files) {
    return new Writer(null, files.stream().map(Path::toString).toList(), null, null);
  }

  public static Writer ofEndpoint(EndpointSpec endpoint, Asking asking) {
    return new Writer(null, null, endpoint, asking);
  }

  @Override
  public void check(Problems problems) {
    int given = 0;
    for (Object one : new @Nullable Object[] {templates, files, endpoint}) {
      given += one == null ? 0 : 1;
    }
    problems.require(given == 1, "", "needs exactly one of: templates, files, endpoint");
    problems.require(files == null || !files.isEmpty(), "files", "must name a file");
    problems.require(
        (asking == null) == (endpoint == null),
        "asking",
        "belongs to an endpoint, which needs it; nobody else does");
    if (endpoint != null) {
      endpoint.check(problems.in("endpoint"));
    }
    if (asking != null) {
      asking.check(problems.in("asking"));
    }
  }
}
