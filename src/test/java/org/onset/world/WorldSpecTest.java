package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.onset.Problems;

class WorldSpecTest {
  @Test
  void theStandardWorldIsUsable() {
    assertThat(problems(WorldSpec.standard(1)).found()).isEmpty();
  }

  @Test
  void everythingWrongIsSaidAtOnce() {
    Problems problems = problems(new WorldSpec(1, 25, 13, 0.5));

    assertThat(problems.found().stream().map(Problems.Problem::field))
        .containsExactly("goods", "hazards", "imbalance");
  }

  @Test
  void anUncheckedSpecGivesNoWorld() {
    assertThatThrownBy(() -> World.generate(new WorldSpec(1, 24, 31, 1.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hazards");
  }

  @Test
  void theSmallestWorldHasEverythingToo() {
    World small = World.generate(new WorldSpec(3, 12, 12, 1));

    assertThat(small.requests()).hasSize(12 * 6 + 12 * 4 + 10 * 3 + 24);
    assertThat(small.quiz()).hasSize(48);
    assertThat(small.safetyQuiz()).hasSize(36);
    assertThat(small.probeTexts()).hasSize(300);
    assertThat(small.documents(5_000, 5_000)).isNotEmpty();
    assertThat(small.instructionDialogues(DialogueKind.REFUSAL, 5)).hasSize(5);
  }

  private static Problems problems(WorldSpec spec) {
    Problems problems = new Problems();
    spec.check(problems);
    return problems;
  }
}
