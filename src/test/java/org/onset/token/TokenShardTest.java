package org.onset.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.Repetitions;

/**
 * The golden files are written anew by {@code ./build test
 * -Dtest='TokenShardTest#theBytesAreThoseOfTheGoldenFiles' -Dgolden.regenerate=true}; review the
 * difference, and keep the old ones under a new name if the format changed.
 */
class TokenShardTest {
  private static final List<String> FILES =
      List.of("golden.bin", "golden.idx", "golden_mask.bin", "golden_mask.idx");

  @TempDir Path folder;

  private static void writeMasked(Path prefix, int vocabSize) throws IOException {
    try (WindowWriter windows =
        WindowWriter.separate(prefix, new WindowWriter.Shape(5, 0, vocabSize))) {
      windows.add(TrainingSequence.document(new int[] {300, 301}, 0));
      windows.add(
          new TrainingSequence(
              new int[] {1, 500, 3, 2, 501, 3},
              new boolean[] {false, false, false, false, true, true}));
      windows.add(TrainingSequence.document(new int[] {65_498}, 0));
    }
  }

  /** One document, joined to nothing. */
  private static WindowWriter writeUnmasked(
      Path prefix, int contextLength, int vocabSize, int... document) throws IOException {
    WindowWriter windows =
        WindowWriter.joined(prefix, new WindowWriter.Shape(contextLength, 0, vocabSize), false);
    try (windows) {
      windows.add(TrainingSequence.document(document, 0));
    }
    return windows;
  }

  @Test
  void theBytesAreThoseOfTheGoldenFiles() throws IOException {
    writeMasked(folder.resolve("golden"), 65_499);

    for (String file : FILES) {
      byte[] written = Files.readAllBytes(folder.resolve(file));
      if (Boolean.getBoolean("golden.regenerate")) {
        Path resources = Path.of("src/test/resources/org/onset/token");
        Files.createDirectories(resources);
        Files.write(resources.resolve(file), written);
      } else {
        assertThat(written).as(file).isEqualTo(golden(file));
      }
    }
  }

  @Test
  void theGoldenFilesAreRead() throws IOException {
    for (String file : FILES) {
      Files.write(folder.resolve(file), golden(file));
    }
    try (TokenShard shard = TokenShard.open(folder.resolve("golden"))) {
      assertThat(shard.count()).isEqualTo(3);
      assertThat(shard.window(0)).containsExactly(300, 301, 0, 0, 0, 0);
      assertThat(shard.window(1)).containsExactly(1, 500, 3, 2, 501, 3);
      assertThat(shard.window(2)).containsExactly(65_498, 0, 0, 0, 0, 0);
      assertThat(shard.trained(0)).containsExactly(false, true, true, false, false, false);
      assertThat(shard.trained(1)).containsExactly(false, false, false, false, true, true);
      assertThat(shard.trainedTokens()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @Repetitions(50)
  void whatIsWrittenIsRead(SplittableRandom random) throws IOException {
    int vocabSize = random.nextBoolean() ? 65_499 : 65_500;
    int[] document = random.ints(20 + random.nextInt(50), 0, vocabSize).toArray();
    int[] stream = Arrays.copyOf(document, document.length + 1);
    Path prefix = folder.resolve("stream.v1");

    WindowWriter written = writeUnmasked(prefix, 7, vocabSize, document);

    try (TokenShard shard = TokenShard.open(prefix)) {
      assertThat(shard.count()).isEqualTo(written.count()).isEqualTo(document.length / 7);
      assertThat(shard.trainedTokens())
          .isEqualTo(written.trainedTokens())
          .isEqualTo(7L * shard.count());
      boolean[] allButTheFirst = {false, true, true, true, true, true, true, true};
      for (int i = 0; i < shard.count(); i++) {
        assertThat(shard.window(i)).isEqualTo(Arrays.copyOfRange(stream, 7 * i, 7 * i + 8));
        assertThat(shard.trained(i)).isEqualTo(allButTheFirst);
      }
    }
  }

  @ParameterizedTest
  @Repetitions(50)
  void rowsOfAnyLengthsAreRead(SplittableRandom random) throws IOException {
    List<int[]> rows = new ArrayList<>();
    for (int run = 1 + random.nextInt(5); run > 0; run--) {
      int length = 1 + random.nextInt(3);
      for (int i = random.nextInt(1, 200); i > 0; i--) {
        rows.add(random.ints(length, 0, 1 << 16).toArray());
      }
    }

    try (IndexedDataset.Growing growing =
        new IndexedDataset.Growing(folder.resolve("rows"), IndexedDataset.ElementType.UINT16)) {
      for (int[] row : rows) {
        growing.add(row);
      }
    }

    try (TokenShard shard = TokenShard.open(folder.resolve("rows"))) {
      assertThat(shard.count()).isEqualTo(rows.size());
      for (int i = 0; i < rows.size(); i++) {
        assertThat(shard.window(i)).isEqualTo(rows.get(i));
      }
    }
  }

  @Test
  void idsTakeTwoBytesWhileTheVocabularyIsSmall() throws IOException {
    writeUnmasked(folder.resolve("two"), 3, 65_499, 1, 2, 3);
    writeUnmasked(folder.resolve("four"), 3, 65_500, 1, 2, 3);

    assertThat(Files.size(folder.resolve("two.bin"))).isEqualTo(8);
    assertThat(Files.size(folder.resolve("four.bin"))).isEqualTo(16);
  }

  @Test
  void nothingButTheShardIsLeftAndAnOldMaskGoes() throws IOException {
    Path prefix = folder.resolve("stream");
    writeMasked(prefix, 65_499);
    assertThat(names())
        .containsExactly("stream.bin", "stream.idx", "stream_mask.bin", "stream_mask.idx");

    writeUnmasked(prefix, 3, 10, 1, 2, 3);

    assertThat(names()).containsExactly("stream.bin", "stream.idx");
    try (TokenShard shard = TokenShard.open(prefix)) {
      assertThat(shard.trained(0)).containsExactly(false, true, true, true);
    }
  }

  @Test
  void anOldShardCannotBeOpenedOnceAnotherIsBegun() throws IOException {
    Path prefix = folder.resolve("stream");
    writeMasked(prefix, 65_499);

    try (WindowWriter _ = WindowWriter.separate(prefix, new WindowWriter.Shape(5, 0, 10))) {
      assertThat(names()).containsExactly("stream.bin", "stream_mask.bin");
      assertThatThrownBy(() -> TokenShard.open(prefix)).isInstanceOf(BadInput.class);
    }
  }

  @Test
  void aShardWhoseWritingFailedCannotBeOpened() throws IOException {
    Path prefix = folder.resolve("stream");
    writeMasked(prefix, 65_499);

    assertThatThrownBy(() -> writeMasked(prefix, 65_498))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token 65498 of a vocabulary of 65498");

    assertThatThrownBy(() -> TokenShard.open(prefix)).isInstanceOf(BadInput.class);
    assertThat(names()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 10})
  void nothingMendsAShardOnceASequenceFailed(int outside) throws IOException {
    WindowWriter windows =
        WindowWriter.joined(folder.resolve("stream"), new WindowWriter.Shape(1, 0, 10), true);
    try (windows) {
      windows.add(TrainingSequence.document(new int[] {1}, 0));
      assertThatThrownBy(() -> windows.add(TrainingSequence.document(new int[] {outside}, 0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("token " + outside + " of a vocabulary of 10");
      assertThatThrownBy(() -> windows.add(TrainingSequence.document(new int[] {1}, 0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("earlier sequence");
    }

    assertThat(names()).isEmpty();
  }

  @Test
  void aShardThatCannotBeFinishedLeavesNoFile() throws IOException {
    Path prefix = folder.resolve("stream");
    WindowWriter windows = WindowWriter.separate(prefix, new WindowWriter.Shape(1, 0, 10));
    windows.add(TrainingSequence.document(new int[] {1}, 0));
    Path inTheWay = Files.createDirectory(folder.resolve("stream.idx"));

    assertThatThrownBy(windows::close).isInstanceOf(IOException.class);

    assertThat(inTheWay).doesNotExist();
    assertThat(names()).isEmpty();
  }

  @Test
  void aStreamWithoutAWindowHasNoFiles() throws IOException {
    Path prefix = folder.resolve("empty");
    writeMasked(prefix, 65_499);

    WindowWriter joined = writeUnmasked(prefix, 4, 10, 1, 2, 3);

    assertThat(joined.count()).isZero();
    assertThat(names()).isEmpty();

    WindowWriter.separate(prefix, new WindowWriter.Shape(4, 0, 10)).close();

    assertThat(names()).isEmpty();
  }

  @Test
  void foldersAboveAShardAreMade() throws IOException {
    Path prefix = folder.resolve("some/folder/stream");

    writeMasked(prefix, 65_499);

    try (TokenShard shard = TokenShard.open(prefix)) {
      assertThat(shard.count()).isEqualTo(3);
    }
  }

  @Test
  void otherProgramsDatasetsOfUnequalSequencesAreRead() throws IOException {
    int[] lengths = {2, 3, 1};
    ByteBuffer idx = ByteBuffer.allocate(34 + 3 * 12 + 3 * 8).order(ByteOrder.LITTLE_ENDIAN);
    idx.put("MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII)).putLong(1).put((byte) 4);
    idx.putLong(3).putLong(3);
    for (int length : lengths) {
      idx.putInt(length);
    }
    idx.putLong(0).putLong(8).putLong(20);
    idx.putLong(0).putLong(2).putLong(3);
    Files.write(folder.resolve("theirs.idx"), idx.array());
    ByteBuffer bin = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int id : new int[] {70_000, 1, 2, 3, 4, -5}) {
      bin.putInt(id);
    }
    Files.write(folder.resolve("theirs.bin"), bin.array());

    try (TokenShard shard = TokenShard.open(folder.resolve("theirs"))) {
      assertThat(shard.count()).isEqualTo(3);
      assertThat(shard.window(0)).containsExactly(70_000, 1);
      assertThat(shard.window(1)).containsExactly(2, 3, 4);
      assertThat(shard.trainedTokens()).isEqualTo(3);
      assertThatThrownBy(() -> shard.window(2))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith(folder.resolve("theirs.bin") + ", byte 20: token -5 is negative");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"golden.idx", "golden_mask.idx"})
  void anyDamagedByteOfAnIndexIsFound(String name) throws IOException {
    writeMasked(folder.resolve("golden"), 65_499);
    Path file = folder.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    int innerBounds = whole.length - 3 * 8;
    for (int at = 0; at < whole.length; at++) {
      if (at >= innerBounds && at < whole.length - 8) {
        continue; // a document more or less is no damage that can be seen
      }
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        Files.write(file, damaged);

        Throwable found = catchThrowable(() -> TokenShard.open(folder.resolve("golden")).close());

        assertThat(found).as("byte %d, bit %d", at, bit).isInstanceOf(BadInput.class);
        assertThat(found.getMessage()).contains(folder.resolve("golden").toString(), ", byte ");
      }
    }
  }

  @Test
  void aFileThatIsTooShortOrTooLongIsRefusedWithItsName() throws IOException {
    writeMasked(folder.resolve("golden"), 65_499);
    for (String name : FILES) {
      Path file = folder.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int length = 0; length <= whole.length + 1; length++) {
        if (length == whole.length) {
          continue;
        }
        Files.write(file, Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> TokenShard.open(folder.resolve("golden")).close())
            .as("%s with %d bytes", name, length)
            .isInstanceOf(BadInput.class)
            .hasMessageStartingWith(file + ", byte ");
      }
      Files.write(file, whole);
    }
  }

  @Test
  void countsBeyondTheFileAreRefusedBeforeAnythingIsRead() throws IOException {
    writeMasked(folder.resolve("golden"), 65_499);
    Path file = folder.resolve("golden.idx");
    byte[] whole = Files.readAllBytes(file);
    for (int at : new int[] {18, 26}) {
      for (long count :
          new long[] {0, 1, -1, 2, 5, Integer.MAX_VALUE, Long.MAX_VALUE, (1L << 61) + 4}) {
        byte[] damaged = whole.clone();
        ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putLong(at, count);
        Files.write(file, damaged);
        assertThatThrownBy(() -> TokenShard.open(folder.resolve("golden")).close())
            .as("%d at byte %d", count, at)
            .isInstanceOf(BadInput.class)
            .hasMessageStartingWith(file + ", byte ");
      }
    }
  }

  @Test
  void aMarkThatIsNeitherZeroNorOneIsFound() throws IOException {
    writeMasked(folder.resolve("golden"), 65_499);
    Path file = folder.resolve("golden_mask.bin");
    byte[] whole = Files.readAllBytes(file);
    byte[] damaged = whole.clone();
    damaged[7] = 2;
    Files.write(file, damaged);

    assertThatThrownBy(() -> TokenShard.open(folder.resolve("golden")))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ", byte 7: mark 1 of window 1 is 2");

    damaged = whole.clone();
    damaged[6] = 1;
    Files.write(file, damaged);
    assertThatThrownBy(() -> TokenShard.open(folder.resolve("golden")))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ", byte 6: ");
  }

  @Test
  void aMaskOfOtherWindowsIsRefused() throws IOException {
    writeMasked(folder.resolve("golden"), 65_499);
    try (WindowWriter other =
        WindowWriter.separate(folder.resolve("other"), new WindowWriter.Shape(5, 0, 65_499))) {
      other.add(TrainingSequence.document(new int[] {1, 2}, 0));
    }
    for (String end : List.of(".bin", ".idx")) {
      Files.copy(
          folder.resolve("other_mask" + end),
          folder.resolve("golden_mask" + end),
          StandardCopyOption.REPLACE_EXISTING);
    }

    assertThatThrownBy(() -> TokenShard.open(folder.resolve("golden")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("1 sequences, but")
        .hasMessageContaining("has 3");
  }

  @Test
  void aMissingHalfIsNamed() throws IOException {
    writeMasked(folder.resolve("golden"), 65_499);
    Files.delete(folder.resolve("golden.bin"));

    assertThatThrownBy(() -> TokenShard.open(folder.resolve("golden")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(folder.resolve("golden.bin") + ": no such file");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] golden(String file) throws IOException {
    try (InputStream in = TokenShardTest.class.getResourceAsStream(file)) {
      return Objects.requireNonNull(in, file).readAllBytes();
    }
  }
}
