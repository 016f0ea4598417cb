package org.onset.corpus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;

class CorpusFileTest {
  @TempDir private Path folder;

  @Test
  void sourcesHaveNamesThatIdsCanBeginWith() throws IOException {
    assertThat(
            problems(
                """
                name: Web texts, 2nd try
                documents:
                  web: {files: [a], scoreColumn: s}
                  b/c: {files: [b], scoreColumn: s}
                  "": {files: [c], scoreColumn: s}
                tokenizer: {vocabSize: 300}
                """))
        .containsExactly(
            "4: documents.b/c: must be made of letters, digits, dots, dashes and underscores, and"
                + " begin with a letter or digit, since ids of documents begin with it; was 'b/c'",
            "5: documents.: must be made of letters, digits, dots, dashes and underscores, and"
                + " begin with a letter or digit, since ids of documents begin with it; was ''");
  }

  @Test
  void aNameIsOneLine() throws IOException {
    assertThat(
            problems(
                """
                name: "two\\nlines"
                documents: {web: {files: [a], scoreColumn: s}}
                tokenizer: {vocabSize: 300}
                """))
        .containsExactly("1: name: must be one line; it heads the report card");
  }

  @Test
  void scorersNeedTextsThatAreNotHeldOut() throws IOException {
    assertThat(
            problems(
                """
                name: held
                documents: {web: {files: [a]}}
                scoring:
                  heldOut: 100%
                  labelled: [{path: l.csv, textColumn: t, labelColumn: l, scores: {bad: 3}}]
                tokenizer: {vocabSize: 300}
                """))
        .containsExactly("4: scoring.heldOut: leaves no labelled text to learn from; 20% is usual");
  }

  private List<String> problems(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("corpus.yaml"), text);
    BadInput refused = catchThrowableOfType(BadInput.class, () -> CorpusFile.read(file));
    return refused.problems().stream().map(problem -> problem.replace(file + ":", "")).toList();
  }
}
