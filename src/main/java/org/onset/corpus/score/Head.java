package org.onset.corpus.score;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.onset.BadInput;
import org.onset.corpus.Document;

/**
 * From vectors to levels and categories. For each level that occurs among the labels, but the
 * lowest, one logistic regression tells the vectors at or above it from those below; a vector gets
 * the highest level up to which all of them agree. So two labels, 0 and 3, give a head that says 0
 * or 3. For each category of the documents above 0, one more regression on those documents tells it
 * from the others; the category with the highest probability is the reason.
 */
final class Head {
  /** A row of zeros for all that have none, so that nobody asks which has one. */
  private static final int NO_ROW = 0;

  private final int lowest;
  private final int[] levels;
  private final List<String> categories;

  /** Where a coordinate's weights stand; most coordinates of hashed n-grams have none. */
  private final int[] rows;

  private final Weights levelWeights;
  private final Weights categoryWeights;

  /** Weights row by row, in each row those of all outputs, and the outputs' intercepts. */
  private static final class Weights {
    final double[] values;
    final double[] intercepts;

    Weights(double[] values, double[] intercepts) {
      this.values = values;
      this.intercepts = intercepts;
    }

    int outputs() {
      return intercepts.length;
    }
  }

  private Head(
      int lowest,
      int[] levels,
      List<String> categories,
      int[] rows,
      Weights levelWeights,
      Weights categoryWeights) {
    this.lowest = lowest;
    this.levels = levels;
    this.categories = List.copyOf(categories);
    this.rows = rows;
    this.levelWeights = levelWeights;
    this.categoryWeights = categoryWeights;
  }

  /**
   * Refuses labelled documents of fewer than two levels.
   *
   * @throws IllegalArgumentException where a document has no score
   */
  static void requireLevels(List<Document> labelled) {
    TreeSet<Integer> levels = new TreeSet<>();
    labelled.forEach(document -> levels.add(level(document)));
    if (levels.size() < 2) {
      throw new BadInput(
          "the safety scorer has nothing to tell apart: its %d texts have the scores %s; name labelled files with safe and unsafe texts"
              .formatted(labelled.size(), levels));
    }
  }

  static int level(Document document) {
    return document
        .score()
        .orElseThrow(
            () -> new IllegalArgumentException("document " + document.id() + " has no score"));
  }

  /** Learns from documents of at least two levels, and their vectors. */
  static Head train(
      List<Document> labelled,
      List<Vector> vectors,
      int dimensions,
      double cost,
      double unsafeWeight) {
    TreeSet<Integer> occurring = new TreeSet<>();
    labelled.forEach(document -> occurring.add(level(document)));
    int lowest = occurring.removeFirst();
    int[] levels = occurring.stream().mapToInt(Integer::intValue).toArray();
    LogisticRegression regression = new LogisticRegression(vectors, dimensions);
    List<double[]> ofLevels =
        occurring.parallelStream()
            .map(
                level ->
                    regression.fit(
                        mask(labelled, document -> level(document) >= level), cost, unsafeWeight))
            .toList();
    TreeSet<String> categories = new TreeSet<>();
    List<double[]> ofCategories = trainCategories(labelled, vectors, dimensions, cost, categories);
    return of(lowest, levels, List.copyOf(categories), dimensions, ofLevels, ofCategories);
  }

  private static List<double[]> trainCategories(
      List<Document> labelled,
      List<Vector> vectors,
      int dimensions,
      double cost,
      SortedSet<String> categories) {
    List<String> truth = new ArrayList<>();
    List<Vector> unsafe = new ArrayList<>();
    for (int i = 0; i < labelled.size(); i++) {
      Optional<String> category = labelled.get(i).category();
      if (level(labelled.get(i)) > 0 && category.isPresent()) {
        truth.add(category.get());
        unsafe.add(vectors.get(i));
      }
    }
    categories.addAll(truth);
    if (categories.size() < 2) {
      return categories.stream().map(_ -> new double[dimensions + 1]).toList();
    }
    LogisticRegression regression = new LogisticRegression(unsafe, dimensions);
    return categories.parallelStream()
        .map(category -> regression.fit(mask(truth, category::equals), cost, 1))
        .toList();
  }

  private static <T> boolean[] mask(List<T> items, Predicate<T> holds) {
    boolean[] mask = new boolean[items.size()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = holds.test(items.get(i));
    }
    return mask;
  }

  private static Head of(
      int lowest,
      int[] levels,
      List<String> categories,
      int dimensions,
      List<double[]> ofLevels,
      List<double[]> ofCategories) {
    int[] rows = new int[dimensions];
    int count = NO_ROW + 1;
    for (int i = 0; i < dimensions; i++) {
      int coordinate = i;
      boolean used =
          ofLevels.stream().anyMatch(weights -> weights[coordinate] != 0)
              || ofCategories.stream().anyMatch(weights -> weights[coordinate] != 0);
      rows[i] = used ? count++ : NO_ROW;
    }
    return new Head(
        lowest,
        levels,
        categories,
        rows,
        weights(rows, count, ofLevels),
        weights(rows, count, ofCategories));
  }

  private static Weights weights(int[] rows, int count, List<double[]> ofOutputs) {
    int outputs = ofOutputs.size();
    double[] values = new double[Math.multiplyExact(count, outputs)];
    double[] intercepts = new double[outputs];
    for (int output = 0; output < outputs; output++) {
      double[] weights = ofOutputs.get(output);
      for (int i = 0; i < rows.length; i++) {
        if (rows[i] != NO_ROW) {
          values[rows[i] * outputs + output] = weights[i];
        }
      }
      intercepts[output] = weights[rows.length];
    }
    return new Weights(values, intercepts);
  }

  List<String> categories() {
    return categories;
  }

  /** The score of a text's worst chunk; of equally bad ones the surest, or else the first. */
  Score score(int chunks, IntFunction<Vector> chunk, double threshold) {
    int worst = -1;
    double surest = 0;
    Optional<String> category = Optional.empty();
    for (int i = 0; i < chunks; i++) {
      Vector vector = chunk.apply(i);
      double[] margins = margins(vector, levelWeights);
      int reached = 0;
      double sure = 1;
      while (reached < levels.length
          && LogisticRegression.probability(margins[reached]) >= threshold) {
        sure = Math.min(sure, LogisticRegression.probability(margins[reached++]));
      }
      if (reached > worst || (reached == worst && sure > surest)) {
        worst = reached;
        surest = sure;
        category = levelReached(reached) == 0 ? Optional.empty() : category(vector);
      }
    }
    return new Score(levelReached(Math.max(0, worst)), category);
  }

  private int levelReached(int reached) {
    return reached == 0 ? lowest : levels[reached - 1];
  }

  /** How likely the worst chunk is at or above a level; never more than for a lower level. */
  double probability(int chunks, IntFunction<Vector> chunk, int level) {
    if (level <= lowest) {
      return 1;
    }
    if (level > levels[levels.length - 1]) {
      return 0;
    }
    double highest = 0;
    for (int i = 0; i < chunks; i++) {
      double[] margins = margins(chunk.apply(i), levelWeights);
      double least = 1;
      for (int j = 0; j == 0 || levels[j - 1] < level; j++) {
        least = Math.min(least, LogisticRegression.probability(margins[j]));
      }
      highest = Math.max(highest, least);
    }
    return highest;
  }

  private Optional<String> category(Vector vector) {
    double[] margins = margins(vector, categoryWeights);
    int best = -1;
    for (int i = 0; i < margins.length; i++) {
      if (best < 0 || margins[i] > margins[best]) {
        best = i;
      }
    }
    return best < 0 ? Optional.empty() : Optional.of(categories.get(best));
  }

  private double[] margins(Vector vector, Weights weights) {
    double[] margins = new double[weights.outputs()];
    for (int output = 0; output < margins.length; output += 2) {
      addTwo(vector, weights, output, margins);
    }
    return margins;
  }

  /**
   * The margins of two outputs, or of the last one. With sums of all outputs at once, in an array,
   * scoring was a fifth slower: each addition waited for the one before to reach memory.
   */
  private void addTwo(Vector vector, Weights weights, int output, double[] margins) {
    int outputs = weights.outputs();
    int second = output + 1 < outputs ? 1 : 0;
    double[] ofRows = weights.values;
    int[] indices = vector.indices();
    double[] values = vector.values();
    double one = 0;
    double two = 0;
    for (int i = 0; i < vector.length(); i++) {
      int at = rows[indices[i]] * outputs + output;
      one += ofRows[at] * values[i];
      two += ofRows[at + second] * values[i];
    }
    margins[output + second] = two + weights.intercepts[output + second];
    margins[output] = one + weights.intercepts[output];
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(lowest);
    out.writeInt(levels.length);
    for (int level : levels) {
      out.writeInt(level);
    }
    out.writeInt(categories.size());
    for (String category : categories) {
      ScorerFile.write(out, category);
    }
    out.writeInt((int) Arrays.stream(rows).filter(row -> row != NO_ROW).count());
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != NO_ROW) {
        out.writeInt(i);
        writeRow(out, levelWeights, rows[i]);
        writeRow(out, categoryWeights, rows[i]);
      }
    }
    for (double intercept : levelWeights.intercepts) {
      out.writeDouble(intercept);
    }
    for (double intercept : categoryWeights.intercepts) {
      out.writeDouble(intercept);
    }
  }

  private static void writeRow(DataOutputStream out, Weights weights, int row) throws IOException {
    for (int output = 0; output < weights.outputs(); output++) {
      out.writeDouble(weights.values[row * weights.outputs() + output]);
    }
  }

  static Head read(ByteBuffer in, int dimensions) {
    int lowest = in.getInt();
    int[] levels = new int[in.getInt()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = in.getInt();
    }
    int categoryCount = in.getInt();
    List<String> categories = new ArrayList<>();
    for (int i = 0; i < categoryCount; i++) {
      categories.add(ScorerFile.readString(in));
    }
    int count = in.getInt();
    int[] rows = new int[dimensions];
    Weights ofLevels =
        new Weights(
            new double[Math.multiplyExact(count + 1, levels.length)], new double[levels.length]);
    Weights ofCategories =
        new Weights(
            new double[Math.multiplyExact(count + 1, categoryCount)], new double[categoryCount]);
    for (int row = NO_ROW + 1; row <= count; row++) {
      rows[in.getInt()] = row;
      in.asDoubleBuffer().get(ofLevels.values, row * levels.length, levels.length);
      in.position(in.position() + levels.length * Double.BYTES);
      in.asDoubleBuffer().get(ofCategories.values, row * categoryCount, categoryCount);
      in.position(in.position() + categoryCount * Double.BYTES);
    }
    in.asDoubleBuffer().get(ofLevels.intercepts).get(ofCategories.intercepts);
    in.position(in.position() + (levels.length + categoryCount) * Double.BYTES);
    return new Head(lowest, levels, categories, rows, ofLevels, ofCategories);
  }
}
