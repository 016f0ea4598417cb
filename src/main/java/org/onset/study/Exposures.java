package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.onset.BadInput;
import org.onset.Seeds;
import org.onset.curriculum.BatchPlan;
import org.onset.curriculum.ExposureAccount;
import org.onset.curriculum.Schedule;
import org.onset.curriculum.StreamSize;
import org.onset.curriculum.TrainingSize;
import org.onset.study.results.Exposure;
import org.onset.study.spec.StudySpec;
import org.onset.token.TokenShard;
import org.onset.train.LearningRate;

/** What every arm trains on, counted before anything is trained. */
final class Exposures {
  private Exposures() {}

  /**
   * The exposure of every arm that is pretrained; the same for all seeds, which only choose the
   * windows.
   *
   * @throws BadInput naming every stream that is missing or repeated more than it may be
   */
  static Exposure of(StageGraph graph, Map<String, StreamSize> streams) {
    if (graph.schedules().isEmpty()) {
      return new Exposure(List.of());
    }
    TrainingSize size = graph.size();
    LearningRate rate = graph.training().pretrainingRate();
    List<Exposure.Arm> arms = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, Schedule> arm : graph.schedules().entrySet()) {
      try {
        BatchPlan plan = new BatchPlan(arm.getValue(), size, streams, new Seeds(0));
        ExposureAccount account =
            ExposureAccount.of(plan, tokensSeen -> rate.at(tokensSeen, size.tokenBudget()));
        arms.add(arm(arm.getKey(), arm.getValue(), size, account));
      } catch (BadInput e) {
        e.problems().forEach(problem -> problems.add("arm " + arm.getKey() + ": " + problem));
      }
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return new Exposure(arms);
  }

  private static Exposure.Arm arm(
      String name, Schedule schedule, TrainingSize size, ExposureAccount account) {
    OptionalDouble rate = account.interventionLearningRate();
    return new Exposure.Arm(
        name,
        null,
        account.plannedTokens(),
        account.realisedTokens(),
        Schedules.onsetTokens(schedule, size),
        account.interventionTokens(),
        rate.isPresent() ? (Double) rate.getAsDouble() : null,
        account.streams().stream()
            .map(
                stream ->
                    new Exposure.Stream(
                        stream.stream(),
                        stream.share(),
                        stream.plannedTokens(),
                        stream.realisedTokens(),
                        stream.epochs()))
            .toList());
  }

  static Exposure withoutEpochs(Exposure exposure) {
    return new Exposure(
        exposure.arms().stream()
            .map(
                arm ->
                    new Exposure.Arm(
                        arm.arm(),
                        arm.seed(),
                        arm.plannedTokens(),
                        arm.realisedTokens(),
                        arm.onsetTokens(),
                        arm.interventionTokens(),
                        arm.interventionLearningRate(),
                        arm.streams().stream()
                            .map(
                                stream ->
                                    new Exposure.Stream(
                                        stream.stream(),
                                        stream.share(),
                                        stream.plannedTokens(),
                                        stream.realisedTokens(),
                                        null))
                            .toList()))
            .toList());
  }

  /**
   * The sizes of the streams that the tokens stage packed; a stream too small for a window is
   * absent.
   */
  static Map<String, StreamSize> sizes(StudySpec spec, Path tokens) throws IOException {
    Map<String, StreamSize> sizes = new LinkedHashMap<>();
    for (String stream : spec.data().streams()) {
      Path shard = DataStages.shard(tokens, stream);
      if (Files.exists(shard.resolveSibling(shard.getFileName() + ".idx"))) {
        try (TokenShard windows = TokenShard.open(shard)) {
          sizes.put(stream, size(spec, stream, windows.count(), windows.trainedTokens()));
        }
      }
    }
    return sizes;
  }

  static StreamSize size(StudySpec spec, String stream, int windows, long trainedTokens) {
    Integer cap = spec.data().maxEpochs().get(stream);
    return new StreamSize(
        windows, trainedTokens, cap == null ? OptionalInt.empty() : OptionalInt.of(cap));
  }
}
