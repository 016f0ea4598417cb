package org.onset.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * Beam search, and SafeBeam (arXiv 2504.16980), which is beam search that drops candidates likely
 * to be followed by the harmfulness tag.
 *
 * <p>A step, for each prompt:
 *
 * <ol>
 *   <li>Every beam is extended by its {@code extensions} most likely tokens; at the first step, the
 *       prompt by its {@code beams · extensions} most likely ones. Those are the candidates, in
 *       order of their beam, then of their rank. A beam that has ended is one candidate as it is.
 *   <li>With a {@link TagRule}, the tag is never an extension, and a candidate's risk is the
 *       probability that the tag follows it; 0 for one that has ended, now or before, since nothing
 *       follows it. Of n candidates the ceil(n/2) of lowest risk, the earlier of equals, stay; of
 *       the others those are dropped that the rule calls droppable.
 *   <li>The {@code beams} candidates of highest summed log-probability, the earlier of equals, are
 *       the next beams, best first. Nothing is renormalised for the tag, nor for length.
 *   <li>A beam ends with a stop token, and where the rule stops on the tag and that is the most
 *       likely next token.
 * </ol>
 *
 * <p>The first beam is the completion, once it has ended (log-probabilities only fall and an ended
 * candidate has no risk, so it stays first whatever the others become) or the limit of new tokens
 * is reached; at the limit nothing is asked of the next token any more.
 *
 * <p>Looking ahead runs the model on each candidate, so the next step has the logits of the beams
 * that were kept already, and nothing is computed twice. A search object serves for one batch.
 */
final class BeamSearch {
  /** What the harmfulness tag means to a search: which risks may be dropped, and when to stop. */
  record TagRule(int tag, DoublePredicate droppable, boolean stopOnTag) {}

  private sealed interface Beam {}

  /** A beam that goes on in a row of the model's cache. */
  @SuppressWarnings("ArrayRecordComponent") // tokens stay primitive, and nobody compares beams
  private record Live(int[] tokens, double logProbability, int row) implements Beam {}

  private record Ended(Completion completion) implements Beam {}

  /** One prompt's search; its beams stand best first. */
  private record Search(int prompt, int limit, List<Beam> beams) {}

  private final LanguageModel.Rows rows;
  private final int beamCount;
  private final int extensions;
  private final Optional<TagRule> tagRule;
  private final int[] stopTokens;
  private final DecodingListener listener;

  /** Where the live beams' logits stand, [row][vocab], with their normalisers, [row]. */
  private float[][] logits = {};

  private double[] logSums = {};

  /** The candidates' tokens, [row][rank]; with a tag rule also what comes after each of them. */
  private int[][] tokens = {};

  private float[][][] logitsAhead = {};
  private double[][] logSumsAhead = {};

  BeamSearch(
      LanguageModel.Rows rows,
      int beamCount,
      int extensions,
      Optional<TagRule> tagRule,
      int[] stopTokens,
      DecodingListener listener) {
    this.rows = rows;
    this.beamCount = beamCount;
    this.extensions = extensions;
    this.tagRule = tagRule;
    this.stopTokens = stopTokens;
    this.listener = listener;
  }

  /** {@code limits} are the prompts', one each. */
  List<Completion> complete(List<Prompt> prompts, int[] limits) {
    Completion[] completions = new Completion[limits.length];
    logits = rows.prefill(prompts.stream().map(Prompt::tokens).toArray(int[][]::new));
    logSums = logSums(logits);
    List<Search> searches = start(limits, completions);
    for (int length = 1; !searches.isEmpty(); length++) {
      tokens = mostLikelyTokens(length == 1 ? (long) beamCount * extensions : extensions);
      if (tagRule.isPresent()) {
        logitsAhead = rows.lookahead(tokens);
        logSumsAhead = logSumsAhead();
      }
      List<Search> going = new ArrayList<>();
      Moves moves = new Moves(searches.size() * beamCount);
      for (Search search : searches) {
        int movesBefore = moves.count;
        Candidates candidates = candidates(search);
        int[] kept = candidates.best(beamCount);
        listener.decided(prompts.get(search.prompt), () -> told(search, candidates, kept));
        List<Beam> beams = nextBeams(search, candidates, kept, length, moves);
        Optional<Completion> completion = settled(beams.getFirst(), length == search.limit);
        if (completion.isPresent()) {
          completions[search.prompt] = completion.get();
          moves.count = movesBefore; // its rows are done with
        } else {
          going.add(new Search(search.prompt, search.limit, beams));
        }
      }
      searches = going;
      if (!searches.isEmpty()) {
        move(moves);
      }
    }
    return List.of(completions);
  }

  /** One search a prompt, but for prompts that the tag would follow at once. */
  private List<Search> start(int[] limits, Completion[] completions) {
    List<Search> searches = new ArrayList<>();
    int[] going = new int[limits.length];
    for (int prompt = 0; prompt < limits.length; prompt++) {
      if (stopsBefore(logits[prompt])) {
        completions[prompt] = new Completion(new int[0], 0, Finish.SHORT_CIRCUIT);
      } else {
        int row = searches.size();
        going[row] = prompt;
        logits[row] = logits[prompt];
        logSums[row] = logSums[prompt];
        searches.add(new Search(prompt, limits[prompt], List.of(new Live(new int[0], 0, row))));
      }
    }
    int count = searches.size();
    if (count > 0 && count < limits.length) {
      rows.reorder(Arrays.copyOf(going, count));
      logits = Arrays.copyOf(logits, count);
      logSums = Arrays.copyOf(logSums, count);
    }
    return searches;
  }

  /** Each live row's extensions, best first. */
  private int[][] mostLikelyTokens(long wanted) {
    int count = (int) Math.min(wanted, Integer.MAX_VALUE);
    int[][] ranked = new int[logits.length][];
    for (int row = 0; row < ranked.length; row++) {
      ranked[row] =
          tagRule.isPresent()
              ? Logits.mostLikelyExcept(tagRule.get().tag, logits[row], count)
              : Logits.mostLikely(logits[row], count);
    }
    return ranked;
  }

  /** What could become of a search's beams with one more token, less what the tag rule drops. */
  private Candidates candidates(Search search) {
    Candidates candidates = new Candidates(search.beams.size() * tokens[0].length);
    for (int beam = 0; beam < search.beams.size(); beam++) {
      switch (search.beams.get(beam)) {
        case Ended(Completion completion) ->
            candidates.add(beam, 0, completion.logProbability(), 0);
        case Live live -> {
          for (int rank = 0; rank < tokens[live.row].length; rank++) {
            double extended = live.logProbability + logProbability(live.row, rank);
            candidates.add(beam, rank, extended, risk(live.row, rank));
          }
        }
      }
    }
    tagRule.ifPresent(rule -> candidates.drop(rule.droppable));
    return candidates;
  }

  private double logProbability(int row, int rank) {
    return logits[row][tokens[row][rank]] - logSums[row];
  }

  private List<DecodingListener.Candidate> told(Search search, Candidates candidates, int[] kept) {
    return IntStream.range(0, candidates.count)
        .mapToObj(
            i -> {
              OptionalInt token = OptionalInt.empty();
              double logProbability = 0;
              if (search.beams.get(candidates.beams[i]) instanceof Live live) {
                token = OptionalInt.of(tokens[live.row][candidates.ranks[i]]);
                logProbability = logProbability(live.row, candidates.ranks[i]);
              }
              return new DecodingListener.Candidate(
                  candidates.beams[i],
                  token,
                  logProbability,
                  candidates.logProbabilities[i],
                  tagRule.isPresent()
                      ? OptionalDouble.of(candidates.risks[i])
                      : OptionalDouble.empty(),
                  IntStream.of(kept).anyMatch(place -> place == i));
            })
        .toList();
  }

  /** The beams kept; the moves of the model's rows that they need are noted. */
  private List<Beam> nextBeams(
      Search search, Candidates candidates, int[] kept, int length, Moves moves) {
    List<Beam> next = new ArrayList<>(beamCount);
    for (int candidate : kept) {
      double logProbability = candidates.logProbabilities[candidate];
      int rank = candidates.ranks[candidate];
      next.add(
          switch (search.beams.get(candidates.beams[candidate])) {
            case Ended ended -> ended;
            case Live live -> extended(live, rank, logProbability, length < search.limit, moves);
          });
    }
    return next;
  }

  private Beam extended(Live live, int rank, double sum, boolean below, Moves moves) {
    int token = tokens[live.row][rank];
    int[] longer = Arrays.copyOf(live.tokens, live.tokens.length + 1);
    longer[live.tokens.length] = token;
    if (StopTokens.contains(stopTokens, token)) {
      return new Ended(new Completion(longer, sum, Finish.STOP));
    }
    if (below && tagRule.isPresent() && stopsBefore(logitsAhead[live.row][rank])) {
      return new Ended(new Completion(longer, sum, Finish.SHORT_CIRCUIT));
    }
    return new Live(longer, sum, moves.add(live.row, rank));
  }

  private double risk(int row, int rank) {
    if (tagRule.isEmpty() || StopTokens.contains(stopTokens, tokens[row][rank])) {
      return 0;
    }
    return Math.exp(logitsAhead[row][rank][tagRule.get().tag] - logSumsAhead[row][rank]);
  }

  private boolean stopsBefore(float[] next) {
    return tagRule.isPresent()
        && tagRule.get().stopOnTag
        && Logits.mostLikely(next) == tagRule.get().tag;
  }

  private static Optional<Completion> settled(Beam first, boolean atLimit) {
    return switch (first) {
      case Ended(Completion completion) -> Optional.of(completion);
      case Live(int[] tokens, double sum, _) when atLimit ->
          Optional.of(new Completion(tokens, sum, Finish.LENGTH));
      case Live _ -> Optional.empty();
    };
  }

  /** Takes the model's rows one token further, and the logits with them. */
  private void move(Moves moves) {
    int count = moves.count;
    int[] sources = Arrays.copyOf(moves.sourceRows, count);
    int[] ranks = Arrays.copyOf(moves.ranks, count);
    if (tagRule.isPresent()) {
      rows.advance(sources, ranks);
      logits = new float[count][];
      logSums = new double[count];
      for (int row = 0; row < count; row++) {
        logits[row] = logitsAhead[sources[row]][ranks[row]];
        logSums[row] = logSumsAhead[sources[row]][ranks[row]];
      }
    } else {
      int[] appended = new int[count];
      for (int row = 0; row < count; row++) {
        appended[row] = tokens[sources[row]][ranks[row]];
      }
      rows.reorder(sources);
      logits = rows.step(appended);
      logSums = logSums(logits);
    }
  }

  private double[][] logSumsAhead() {
    double[][] sums = new double[logitsAhead.length][];
    for (int row = 0; row < sums.length; row++) {
      sums[row] = logSums(logitsAhead[row]);
    }
    return sums;
  }

  private static double[] logSums(float[][] logits) {
    return Logits.rows(logits).mapToDouble(row -> Logits.logSumExp(logits[row])).toArray();
  }

  /** Which row each live beam of the next step comes from, and by which of its extensions. */
  private static final class Moves {
    final int[] sourceRows;
    final int[] ranks;
    int count;

    Moves(int most) {
      sourceRows = new int[most];
      ranks = new int[most];
    }

    /** The row that the beam will have. */
    int add(int sourceRow, int rank) {
      sourceRows[count] = sourceRow;
      ranks[count] = rank;
      return count++;
    }
  }
}
