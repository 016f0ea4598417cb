package org.onset.curriculum;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.onset.Seeds;

/** The rule of the batch plan, slow and obvious: decimal quotas, nothing kept but the counts. */
final class PlainBatchPlan {
  private PlainBatchPlan() {}

  static List<List<Row>> rows(
      Schedule schedule, TrainingSize size, Map<String, StreamSize> streams, Seeds seeds) {
    Map<String, BigDecimal> quotas = new LinkedHashMap<>();
    Map<String, Long> counts = new LinkedHashMap<>();
    schedule.streams().forEach(stream -> quotas.put(stream, BigDecimal.ZERO));
    schedule.streams().forEach(stream -> counts.put(stream, 0L));
    List<List<Row>> steps = new ArrayList<>();
    for (long tokens = 0; tokens < size.tokenBudget(); tokens += size.tokensPerStep()) {
      Mixture mixture = schedule.mixtureAt(tokens);
      List<Row> rows = new ArrayList<>();
      for (int row = 0; row < size.sequencesPerStep(); row++) {
        String chosen = null;
        BigDecimal most = BigDecimal.ZERO;
        for (String stream : schedule.streams()) {
          BigDecimal quota =
              quotas.merge(stream, BigDecimal.valueOf(mixture.weight(stream)), BigDecimal::add);
          BigDecimal excess =
              quota.subtract(BigDecimal.valueOf(Objects.requireNonNull(counts.get(stream))));
          if (chosen == null || excess.compareTo(most) > 0) {
            chosen = stream;
            most = excess.round(MathContext.DECIMAL128);
          }
        }
        String stream = Objects.requireNonNull(chosen);
        long draw = counts.merge(stream, 1L, Long::sum) - 1;
        int windows = Objects.requireNonNull(streams.get(stream)).windows();
        Permutation order = Permutation.of(seeds, stream, draw / windows, windows);
        rows.add(new Row(stream, draw, draw / windows, order.at((int) (draw % windows))));
      }
      steps.add(rows);
    }
    return steps;
  }
}
