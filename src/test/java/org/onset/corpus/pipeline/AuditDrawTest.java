package org.onset.corpus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.corpus.card.AuditSample;
import org.onset.corpus.card.SyntheticCard;

class AuditDrawTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeCard() throws IOException {
    SyntheticCard.plain().write(folder);
  }

  @Test
  void ofEachScoreSoManyAreDrawnOrAllThereAre() throws IOException {
    write("safe", 0, 0, 30);
    write("unsafe", 0, 2, 2);
    write("unsafe", 1, 5, 9);

    AuditSample sample = AuditDraw.draw(folder, 4, 0);

    assertThat(sample.documents().stream().map(AuditSample.Drawn::score))
        .containsExactly(0, 0, 0, 0, 2, 2, 5, 5, 5, 5);
    assertThat(sample.documents().getLast())
        .satisfies(
            last -> {
              assertThat(last.category()).isEqualTo("threats");
              assertThat(last.text()).hasSize(1_000);
            });
    assertThat(sample.corpus()).isEqualTo(AuditSample.fingerprint(folder));
  }

  @Test
  void theDrawDependsOnIdsAndSeedAloneNotOnHowDocumentsAreSpread() throws IOException {
    write("safe", 0, 0, 30);
    List<AuditSample.Drawn> together = AuditDraw.draw(folder, 5, 3).documents();
    List<AuditSample.Drawn> otherSeed = AuditDraw.draw(folder, 5, 4).documents();
    Files.delete(folder.resolve("texts/safe/00000.jsonl.zst"));
    for (int i = 29; i >= 0; i--) {
      writeOne("safe", 30 - i, 0, i);
    }

    assertThat(AuditDraw.draw(folder, 5, 3).documents()).isEqualTo(together);
    assertThat(otherSeed).isNotEqualTo(together);
  }

  @Test
  void anIdThatComesTwiceIsDrawnOnce() throws IOException {
    writeOne("safe", 0, 0, 1);
    writeOne("safe", 1, 0, 1);

    assertThat(AuditDraw.draw(folder, 9, 0).documents()).hasSize(1);
  }

  @Test
  void textsWithoutScoresAreRefused() throws IOException {
    Path file = file("safe", 0);
    try (DocumentFile.Writer writer = new DocumentFile.Writer(file)) {
      writer.write(
          new KeptDocument("a", 0, "text", OptionalInt.empty(), Optional.empty(), List.of()));
    }

    assertThatThrownBy(() -> AuditDraw.draw(folder, 1, 0))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ": its texts bring no scores; ");
  }

  @Test
  void aCorpusWithoutTextsIsRefused() {
    assertThatThrownBy(() -> AuditDraw.draw(folder, 1, 0))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("holds no document to draw");
  }

  private void write(String stream, int split, int score, int count) throws IOException {
    try (DocumentFile.Writer writer = new DocumentFile.Writer(file(stream, split))) {
      for (int i = 0; i < count; i++) {
        writer.write(document(score, i));
      }
    }
  }

  private void writeOne(String stream, int split, int score, int number) throws IOException {
    try (DocumentFile.Writer writer = new DocumentFile.Writer(file(stream, split))) {
      writer.write(document(score, number));
    }
  }

  private static KeptDocument document(int score, int number) {
    return new KeptDocument(
        "s" + score + "-" + number,
        number,
        "text ".repeat(400) + number,
        OptionalInt.of(score),
        score == 0 ? Optional.empty() : Optional.of("threats"),
        List.of());
  }

  private Path file(String stream, int split) throws IOException {
    Path ofStream = Files.createDirectories(folder.resolve("texts").resolve(stream));
    return ofStream.resolve("%05d.jsonl.zst".formatted(split));
  }
}
