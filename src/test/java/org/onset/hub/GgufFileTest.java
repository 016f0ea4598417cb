package org.onset.hub;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.model.TensorSource;

class GgufFileTest {
  @TempDir private Path folder;

  private static GgufDraft draft() {
    return new GgufDraft()
        .put("general.name", "näme")
        .put("count", 7)
        .put("long", -5L)
        .put("epsilon", new GgufDraft.Single(1e-5f))
        .put("yes", true)
        .put("words", List.of("a", "b c"))
        .put("sizes", List.of(3, 3))
        .f32("one", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
        .f32("two", new float[] {7, 8}, 2);
  }

  @Test
  void metadataAndTensorsAreReadAsTheyWereWritten() {
    try (GgufFile file = GgufFile.open(draft().write(folder.resolve("a.gguf")))) {
      GgufMetadata metadata = file.metadata();
      assertThat(metadata.text("general.name")).hasValue("näme");
      assertThat(metadata.wholeNumber("count")).hasValue(7);
      assertThat(metadata.wholeNumber("long")).hasValue(-5);
      assertThat(metadata.number("epsilon")).hasValue(1e-5);
      assertThat(metadata.flag("yes")).hasValue(true);
      assertThat(metadata.texts("words")).containsExactly("a", "b c");
      assertThat(metadata.wholeNumber("sizes")).hasValue(3);
      assertThat(metadata.isSound()).isTrue();

      assertThat(file.names()).containsExactly("one", "two");
      assertThat(tensor(file, "one").shape()).containsExactly(2, 3);
      float[] values = new float[3];
      tensor(file, "one").read(2, values, 3);
      assertThat(values).containsExactly(3, 4, 5);
      assertThat(file.tensor("three")).isNull();
    }
  }

  @Test
  void aValueOfAnotherTypeIsRefusedByItsKey() {
    try (GgufFile file = GgufFile.open(draft().write(folder.resolve("a.gguf")))) {
      GgufMetadata metadata = file.metadata();
      metadata.text("count");
      metadata.wholeNumber("general.name");
      metadata.texts("sizes");
      metadata.size("none");
      metadata.size("long");
      metadata.tokenId("count", 7);

      assertThatExceptionOfType(BadInput.class)
          .isThrownBy(metadata::throwProblems)
          .satisfies(
              bad ->
                  assertThat(bad.problems().stream().map(p -> p.substring(p.indexOf("gguf: ") + 6)))
                      .containsExactly(
                          "count: must be text, found 7",
                          "general.name: must be a whole number, the same for all layers, found"
                              + " \"näme\"",
                          "sizes: must be a list of texts, found 3",
                          "none: is missing",
                          "long: must be a size, was -5",
                          "count: must be one of 7 tokens, was 7"));
    }
  }

  @Test
  void aFileCutAnywhereIsRefused() throws IOException {
    byte[] whole = draft().bytes();

    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, length));

      assertThatExceptionOfType(BadInput.class)
          .as("cut to %d bytes", length)
          .isThrownBy(() -> GgufFile.open(cut).close())
          .withMessageContaining("cut.gguf");
    }
  }

  /** Whatever a byte becomes, the file is read or refused, and never anything else. */
  @Test
  void aFileWithAnyByteChangedIsReadOrRefused() throws IOException {
    byte[] whole = draft().bytes();
    Path changed = folder.resolve("changed.gguf");

    for (int at = 0; at < whole.length; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) 0xff;
      Files.write(changed, bytes);
      try (GgufFile file = GgufFile.open(changed)) {
        for (String name : file.names()) {
          tensor(file, name).read(0, new float[2], 2);
        }
      } catch (BadInput bad) {
        assertThat(bad.problems()).isNotEmpty().allMatch(p -> p.contains("changed.gguf"));
      }
    }
  }

  @Test
  void otherVersionsAndByteOrdersAreRefusedByName() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(draft().bytes()).order(ByteOrder.LITTLE_ENDIAN);

    assertRefused(bytes.putInt(4, 1).array(), "byte 4: has the version 1; only 2 and 3 are read");
    assertRefused(bytes.putInt(4, 3 << 24).array(), "byte 4: the numbers are big-endian");
    assertRefused(bytes.putInt(0, 0).array(), "begins otherwise than a GGUF file");
  }

  private void assertRefused(byte[] bytes, String problem) throws IOException {
    Path file = Files.write(folder.resolve("bad.gguf"), bytes);
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> GgufFile.open(file).close())
        .withMessageContaining("bad.gguf: " + problem);
  }

  @Test
  void tensorsThatLieAreAllRefusedByName() throws IOException {
    GgufDraft draft = draft();
    draft.tensors.put("over", new GgufDraft.Tensor(new long[] {2}, 0, new byte[8], 0));
    draft.tensors.put("beyond", new GgufDraft.Tensor(new long[] {99}, 0, new byte[0], 64));
    draft.tensors.put("crooked", new GgufDraft.Tensor(new long[] {1}, 0, new byte[0], 44));
    assertRefused(draft, "over: begins at 0, but what comes before it ends at 24");
    assertRefused(draft, "beyond: takes 396 bytes from 64 on, but the data has");
    assertRefused(draft, "crooked: begins at 44, no multiple of 32");

    GgufDraft other = draft();
    other.tensor("newer", 39, new byte[17], 32);
    other.tensor("unknown", 77, new byte[17], 32);
    other.tensor("ragged", 3, new byte[20], 33);
    other.tensor("huge", 0, new byte[4], Long.MAX_VALUE, 3);
    other.tensor("none", 0, new byte[4], 0);
    assertRefused(other, "newer: holds MXFP4, which isn't read");
    assertRefused(other, "unknown: holds the unknown type 77, which isn't read");
    assertRefused(other, "ragged: has rows of 33, but Q4_1 comes in blocks of 32");
    assertRefused(other, "huge: has a size that no tensor has");
    assertRefused(other, "none: has a size that no tensor has");
  }

  private void assertRefused(GgufDraft draft, String problem) throws IOException {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> GgufFile.open(draft.write(folder.resolve("bad.gguf"))).close())
        .withMessageContaining("bad.gguf: " + problem);
  }

  private static TensorSource tensor(GgufFile file, String name) {
    return requireNonNull(file.tensor(name), name);
  }
}
