package org.onset.corpus.card;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.corpus.card.CorpusCard.Amount;
import org.onset.corpus.card.CorpusCard.HarmInStream;

class CorpusCardTest {
  @TempDir private Path folder;

  @Test
  void aCardIsReadBackAsItWasWritten() throws IOException {
    for (CorpusCard card : new CorpusCard[] {SyntheticCard.plain(), SyntheticCard.hostile()}) {
      card.write(folder);

      assertThat(CorpusCard.read(folder)).isEqualTo(card);
    }
  }

  @Test
  void mentionsInPartsOfAStreamAddUp() {
    HarmInStream one =
        new HarmInStream(
            new Amount(1, 10), new TreeMap<>(Map.of("a", 1L, "b", 2L)), new TreeMap<>());
    HarmInStream other =
        new HarmInStream(
            new Amount(2, 20), new TreeMap<>(Map.of("b", 3L)), new TreeMap<>(Map.of("c", 4L)));

    assertThat(one.and(other))
        .isEqualTo(
            new HarmInStream(
                new Amount(3, 30),
                new TreeMap<>(Map.of("a", 1L, "b", 5L)),
                new TreeMap<>(Map.of("c", 4L))));
  }
}
