package org.onset.study;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onset.Fingerprint;
import org.onset.curriculum.Mixture;
import org.onset.curriculum.Schedule;
import org.onset.curriculum.TrainingSize;
import org.onset.train.LearningRate;

/**
 * Names the training state before every step of one arm: a digest chained over what determines each
 * step, its mixture (which, with the streams, fixes the rows drawn) and its learning rate. Arms
 * with an equal past have equal names, and where training is cut for a checkpoint enters none.
 */
record StateChain(List<String> names) {
  StateChain {
    names = List.copyOf(names);
  }

  /**
   * Follows an arm through its budget.
   *
   * @param start the fingerprint of everything in force from the start: model, seed, optimizer,
   *     streams, machine
   */
  static StateChain follow(
      String start, Schedule schedule, TrainingSize size, LearningRate learningRate) {
    List<String> names = new ArrayList<>(Math.toIntExact(size.steps()) + 1);
    names.add(start);
    Map<Mixture, String> fingerprints = new LinkedHashMap<>();
    for (long step = 0; step < size.steps(); step++) {
      long tokensSeen = step * size.tokensPerStep();
      String mixture =
          fingerprints.computeIfAbsent(schedule.mixtureAt(tokensSeen), StateChain::fingerprint);
      double rate = learningRate.at(tokensSeen, size.tokenBudget());
      names.add(Fingerprint.of(names.getLast() + mixture + Double.doubleToLongBits(rate)));
    }
    return new StateChain(names);
  }

  /** In declared order, streams of weight 0 included: the order decides ties. */
  private static String fingerprint(Mixture mixture) {
    StringBuilder content = new StringBuilder();
    mixture
        .weights()
        .forEach(
            (stream, weight) -> {
              content.append(stream).append('=').append(weight).append('\n');
            });
    return Fingerprint.of(content.toString());
  }

  String name(long step) {
    return names.get(Math.toIntExact(step));
  }

  /** The last step up to which all the chains agree, at least {@code from}. */
  static long parting(Collection<StateChain> chains, long from) {
    StateChain first = chains.iterator().next();
    long low = from; // agree here
    long high = first.names.size() - 1L;
    while (low < high) { // once chains part they never meet again, so agreement can be bisected
      long middle = (low + high + 1) / 2;
      boolean agree =
          chains.stream().allMatch(chain -> chain.name(middle).equals(first.name(middle)));
      if (agree) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
