package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.onset.model.ModelSpec;

class ArmFolderTest {
  private static final ModelSpec MODEL =
      new ModelSpec(300, 16, 1, 2, 1, 8, 32, 64, 10_000, 1e-5, true);

  @Test
  void armsThatStoppedAtOneTokenCountNeedNoWarning() {
    assertThat(warnings(Map.of("own", 5_000L), folder("a", "x", 5_000))).isEmpty();
    assertThat(warnings(Map.of(), folder("a", "x", 5_000), folder("b", "y", 5_000))).isEmpty();
    assertThat(warnings(Map.of("own", 5_000L, "other", 5_000L))).isEmpty();
  }

  @Test
  void oneTokenLessIsAnotherCount() {
    assertThat(warnings(Map.of("own", 5_000L), folder("a", "x", 4_999)))
        .singleElement()
        .asString()
        .endsWith(
            "different token counts, so a difference between them may come from the length"
                + " of training: own 5,000, a 4,999");
  }

  @Test
  void anUnknownCountIsNamedAndTheKnownOnesAreStillCompared() {
    assertThat(
            warnings(
                Map.of(), folder("a", "x", 5_000), folder("b", "y", 0), folder("c", "z", 7_000)))
        .satisfiesExactly(
            counts -> assertThat(counts).endsWith("a 5,000, c 7,000"),
            unknown -> assertThat(unknown).contains("trained on", ": b; give trainedTokens"));
  }

  @Test
  void oneModelInSeveralArmsStoppedWhereItStopped() {
    assertThat(warnings(Map.of(), folder("a", "x", 0), folder("b", "x", 0))).isEmpty();
    assertThat(warnings(Map.of(), folder("a", "x", 0), folder("b", "y", 0))).hasSize(1);
  }

  private static List<String> warnings(Map<String, Long> pretrained, ArmFolder... folders) {
    Map<String, ArmFolder> byArm = new LinkedHashMap<>();
    for (ArmFolder folder : folders) {
      byArm.put(folder.arm(), folder);
    }
    return ArmFolder.warnings(byArm, pretrained);
  }

  /** {@code trainedTokens} 0 where nobody says. */
  private static ArmFolder folder(String arm, String sha256, long trainedTokens) {
    return new ArmFolder(
        arm,
        Path.of(arm),
        sha256,
        MODEL,
        "words",
        300,
        false,
        trainedTokens == 0 ? OptionalLong.empty() : OptionalLong.of(trainedTokens));
  }
}
