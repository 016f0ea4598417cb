package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.Seeds;
import org.onset.curriculum.BatchPlan;
import org.onset.curriculum.Mixture;
import org.onset.curriculum.Row;
import org.onset.curriculum.Schedule;
import org.onset.curriculum.StreamSize;
import org.onset.curriculum.TrainingSize;
import org.onset.token.TokenShard;
import org.onset.token.TrainingSequence;
import org.onset.token.WindowWriter;

class BatchTest {
  private static final boolean T = true;
  private static final boolean F = false;
  private static final WindowWriter.Shape SHAPE = new WindowWriter.Shape(4, 0, 20);

  @Test
  void columnsAfterTheLastTargetAreTrimmed() {
    Batch batch =
        new Batch(
            new int[][] {{1, 2, 3, 0, 0}, {4, 5, 6, 7, 0}},
            new boolean[][] {{F, T, T, F, F}, {F, F, T, F, F}});

    Batch trimmed = batch.trimmed();

    assertThat(trimmed.tokens()).isDeepEqualTo(new int[][] {{1, 2, 3}, {4, 5, 6}});
    assertThat(trimmed.trained()).isDeepEqualTo(new boolean[][] {{F, T, T}, {F, F, T}});
    assertThat(trimmed.trainedTokens()).isEqualTo(3);
  }

  @Test
  void aBatchTrainedToItsEndStaysAsItIs() {
    Batch batch = new Batch(new int[][] {{1, 2}, {3, 4}}, new boolean[][] {{F, F}, {F, T}});

    assertThat(batch.trimmed()).isSameAs(batch);
  }

  @Test
  void theFirstTokenOfARowIsNoTarget() {
    Batch batch = new Batch(new int[][] {{1, 2}}, new boolean[][] {{T, F}});

    assertThat(batch.trainedTokens()).isZero();
    assertThat(batch.trimmed().tokens()).isDeepEqualTo(new int[][] {{1}});
  }

  @Test
  void piecesAreTrimmedEachForItself() {
    Batch batch =
        new Batch(
            new int[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}},
            new boolean[][] {{F, T, F}, {F, T, F}, {F, F, T}});

    List<Batch> pieces = batch.split(2);

    assertThat(pieces).hasSize(2);
    assertThat(pieces.get(0).tokens()).isDeepEqualTo(new int[][] {{1, 2}, {4, 5}});
    assertThat(pieces.get(1).tokens()).isDeepEqualTo(new int[][] {{7, 8, 9}});
  }

  @Test
  void raggedRowsAreRefused() {
    assertThatThrownBy(() -> new Batch(new int[][] {{1, 2}, {3}}, new boolean[2][2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 1");
  }

  @Test
  void plannedBatchesHoldTheWindowsOfThePlan(@TempDir Path folder) throws IOException {
    try (WindowWriter safe = WindowWriter.joined(folder.resolve("safe"), SHAPE, false);
        WindowWriter refusal = WindowWriter.separate(folder.resolve("refusal"), SHAPE)) {
      safe.add(TrainingSequence.document(new int[] {5, 6, 7, 8, 9, 10}, 0));
      safe.add(TrainingSequence.document(new int[] {11, 12, 13, 14, 15, 16}, 0));
      refusal.add(new TrainingSequence(new int[] {5, 6, 7}, new boolean[] {F, F, T}));
      refusal.add(new TrainingSequence(new int[] {8, 9}, new boolean[] {F, T}));
    }
    TrainingSize size = new TrainingSize(48, 4, 3);

    try (TokenShard safe = TokenShard.open(folder.resolve("safe"));
        TokenShard refusal = TokenShard.open(folder.resolve("refusal"))) {
      BatchPlan plan = plan(size, safe, refusal);
      PlannedBatches batches = new PlannedBatches(plan, Map.of("safe", safe, "refusal", refusal));

      for (long step = 0; step < size.steps(); step++) {
        Batch batch = batches.batch(step);
        List<Row> rows = plan.rows(step);
        for (int i = 0; i < rows.size(); i++) {
          TokenShard shard = rows.get(i).stream().equals("safe") ? safe : refusal;
          assertThat(batch.tokens()[i])
              .startsWith(
                  java.util.Arrays.copyOf(
                      shard.window(rows.get(i).window()), batch.tokens()[i].length));
        }
        int width = rows.stream().anyMatch(row -> row.stream().equals("safe")) ? 5 : 3;
        assertThat(batch.tokens()[0]).hasSize(width);
      }
    }
  }

  @Test
  void aStreamWithoutAShardIsNamed(@TempDir Path folder) throws IOException {
    try (WindowWriter safe = WindowWriter.joined(folder.resolve("safe"), SHAPE, false)) {
      safe.add(TrainingSequence.document(new int[] {5, 6, 7, 8, 9}, 0));
    }
    try (TokenShard safe = TokenShard.open(folder.resolve("safe"))) {
      BatchPlan plan = plan(new TrainingSize(48, 4, 3), safe, safe);

      assertThatThrownBy(() -> new PlannedBatches(plan, Map.of("safe", safe)).batch(0))
          .hasMessageContaining("refusal");
    }
  }

  private static BatchPlan plan(TrainingSize size, TokenShard safe, TokenShard refusal) {
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("safe", 0.2);
    weights.put("refusal", 0.8);
    Map<String, StreamSize> streams =
        Map.of(
            "safe", new StreamSize(safe.count(), safe.trainedTokens(), OptionalInt.empty()),
            "refusal",
                new StreamSize(refusal.count(), refusal.trainedTokens(), OptionalInt.empty()));
    Mixture mixture = new Mixture(weights);
    return new BatchPlan(
        Schedule.onset(mixture, mixture, 0, size.tokenBudget()), size, streams, new Seeds(1));
  }
}
