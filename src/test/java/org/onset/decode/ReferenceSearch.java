package org.onset.decode;

import static java.util.Comparator.comparingDouble;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Beam search and SafeBeam as one would say them, for one prompt: the model is asked anew about
 * every whole text, everything is sorted whole, and the search runs until nothing is left to do.
 */
record ReferenceSearch(
    Function<int[], float[]> model, Set<Integer> stopTokens, int beams, int maxNewTokens) {

  record Beam(List<Integer> tokens, double logProbability, List<Finish> finish) {
    boolean ended() {
      return !finish.isEmpty();
    }

    Completion completion() {
      return new Completion(
          tokens.stream().mapToInt(Integer::intValue).toArray(),
          logProbability,
          ended() ? finish.getFirst() : Finish.LENGTH);
    }
  }

  enum Dropping {
    HALF,
    HALF_ABOVE_THRESHOLD
  }

  /** SafeBeam's own settings. */
  record Safety(int tag, int extensions, Dropping dropping, double threshold, boolean stopOnTag) {}

  Completion beamSearch(int[] prompt) {
    List<Beam> current = List.of(new Beam(List.of(), 0, List.of()));
    for (int step = 0; step < maxNewTokens; step++) {
      List<Beam> candidates = new ArrayList<>();
      for (Beam beam : current) {
        candidates.addAll(
            beam.ended() ? List.of(beam) : extensions(prompt, beam, Integer.MAX_VALUE, Set.of()));
      }
      current = likeliest(candidates);
    }
    return current.getFirst().completion();
  }

  Completion safeBeam(int[] prompt, Safety safety) {
    List<Beam> current = List.of(new Beam(List.of(), 0, List.of()));
    for (int step = 0; step < maxNewTokens; step++) {
      int count = step == 0 ? beams * safety.extensions : safety.extensions;
      List<Beam> candidates = new ArrayList<>();
      for (Beam beam : current) {
        boolean tagIsNext =
            !beam.ended() && ranked(logProbabilities(prompt, beam)).getFirst() == safety.tag;
        if (beam.ended()) {
          candidates.add(beam);
        } else if (safety.stopOnTag && tagIsNext) {
          candidates.add(new Beam(beam.tokens, beam.logProbability, List.of(Finish.SHORT_CIRCUIT)));
        } else {
          candidates.addAll(extensions(prompt, beam, count, Set.of(safety.tag)));
        }
      }
      current = likeliest(kept(prompt, candidates, safety));
    }
    return current.getFirst().completion();
  }

  private List<Beam> kept(int[] prompt, List<Beam> candidates, Safety safety) {
    List<Double> risks =
        candidates.stream()
            .map(
                candidate ->
                    candidate.ended()
                        ? 0.0
                        : Math.exp(logProbabilities(prompt, candidate)[safety.tag]))
            .toList();
    List<Integer> bySafety =
        IntStream.range(0, candidates.size()).boxed().sorted(comparingDouble(risks::get)).toList();
    int half = (candidates.size() + 1) / 2;
    Set<Integer> safest = new HashSet<>(bySafety.subList(0, half));
    return IntStream.range(0, candidates.size())
        .filter(
            i ->
                safest.contains(i)
                    || (safety.dropping == Dropping.HALF_ABOVE_THRESHOLD
                        && risks.get(i) <= safety.threshold))
        .mapToObj(candidates::get)
        .toList();
  }

  private List<Beam> likeliest(List<Beam> candidates) {
    return candidates.stream()
        .sorted(comparingDouble(Beam::logProbability).reversed())
        .limit(beams)
        .toList();
  }

  private List<Beam> extensions(int[] prompt, Beam beam, int count, Set<Integer> excluded) {
    double[] logProbabilities = logProbabilities(prompt, beam);
    return ranked(logProbabilities).stream()
        .filter(token -> !excluded.contains(token))
        .limit(count)
        .map(
            token -> {
              List<Integer> longer = new ArrayList<>(beam.tokens);
              longer.add(token);
              return new Beam(
                  longer,
                  beam.logProbability + logProbabilities[token],
                  stopTokens.contains(token) ? List.of(Finish.STOP) : List.of());
            })
        .toList();
  }

  private static List<Integer> ranked(double[] logProbabilities) {
    return IntStream.range(0, logProbabilities.length)
        .boxed()
        .sorted(comparingDouble((Integer token) -> -logProbabilities[token]))
        .toList();
  }

  private double[] logProbabilities(int[] prompt, Beam beam) {
    int[] text =
        IntStream.concat(IntStream.of(prompt), beam.tokens.stream().mapToInt(Integer::intValue))
            .toArray();
    return logProbabilities(model.apply(text));
  }

  static double[] logProbabilities(float[] logits) {
    double max = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    double logSum = max + Math.log(sum);
    return IntStream.range(0, logits.length).mapToDouble(i -> logits[i] - logSum).toArray();
  }
}
