package org.onset.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onset.curriculum.BatchPlan;
import org.onset.curriculum.Row;
import org.onset.token.TokenShard;

/** The windows that a plan names, read from the streams' shards, which stay their owner's. */
public final class PlannedBatches implements Batches {
  private final BatchPlan plan;
  private final Map<String, TokenShard> shards;

  /**
   * Reads shards as they are needed.
   *
   * @param shards one for every stream that the plan draws from
   */
  public PlannedBatches(BatchPlan plan, Map<String, TokenShard> shards) {
    this.plan = plan;
    this.shards = new LinkedHashMap<>(shards);
  }

  @Override
  public Batch batch(long step) {
    List<Row> rows = plan.rows(step);
    int[][] tokens = new int[rows.size()][];
    boolean[][] trained = new boolean[rows.size()][];
    for (int i = 0; i < tokens.length; i++) {
      Row row = rows.get(i);
      TokenShard shard = shardOf(row.stream());
      tokens[i] = shard.window(row.window());
      trained[i] = shard.trained(row.window());
      requireWidth(row, tokens[i].length);
    }
    return new Batch(tokens, trained).trimmed();
  }

  private TokenShard shardOf(String stream) {
    TokenShard shard = shards.get(stream);
    if (shard == null) {
      throw new IllegalArgumentException("the plan draws from " + stream + ", which has no shard");
    }
    return shard;
  }

  private void requireWidth(Row row, int width) {
    int contextLength = plan.size().contextLength();
    if (width != contextLength + 1) {
      throw new IllegalArgumentException(
          "window %d of stream %s holds %d ids, but a context of %d takes %d"
              .formatted(row.window(), row.stream(), width, contextLength, contextLength + 1));
    }
  }
}
