package org.onset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir private Path folder;

  @Test
  void aFileIsReplacedAndItsFoldersAreMade() {
    Path file = folder.resolve("a/b/file");
    WholeFile.write(file, "first".getBytes(StandardCharsets.UTF_8));
    WholeFile.write(file, "second".getBytes(StandardCharsets.UTF_8));

    assertThat(file).hasContent("second");
    assertThat(folder.resolve("a/b")).isDirectoryNotContaining("glob:**.tmp-*");
  }

  @Test
  void whatBreaksOffLeavesTheOldFileAndNoRest() {
    Path file = folder.resolve("file");
    WholeFile.write(file, "whole".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(
            () ->
                WholeFile.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IOException("no more");
                    }))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString());
    assertThat(file).hasContent("whole");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp-*");
  }
}
