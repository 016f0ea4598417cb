package org.onset.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A language model given by a function from the whole text so far to logits, so that a row mixed up
 * with another shows. It holds its user to the contract of {@link LanguageModel}, and keeps count.
 */
final class TableModel implements LanguageModel {
  final Function<int[], float[]> table;
  private final int vocabSize;
  private int maxContextLength = 1_000;
  private long cacheBytesPerToken = 1;

  final List<Integer> rowsOpened = new ArrayList<>();
  final List<Integer> rowsRun = new ArrayList<>();
  int open;
  int prefills;
  int steps;
  int lookaheads;

  TableModel(int vocabSize, Function<int[], float[]> table) {
    this.vocabSize = vocabSize;
    this.table = table;
  }

  /**
   * Logits between 0 and {@code spread}; in whole numbers when {@code coarse}, so that many tie.
   */
  static TableModel random(long seed, int vocabSize, double spread, boolean coarse) {
    return new TableModel(
        vocabSize,
        text -> {
          var random = new SplittableRandom(seed * 31 + Arrays.hashCode(text));
          float[] logits = new float[vocabSize];
          for (int token = 0; token < vocabSize; token++) {
            double logit = random.nextDouble() * spread;
            logits[token] = (float) (coarse ? Math.floor(logit) : logit);
          }
          return logits;
        });
  }

  TableModel withContext(int tokens) {
    maxContextLength = tokens;
    return this;
  }

  TableModel withCacheBytesPerToken(long bytes) {
    cacheBytesPerToken = bytes;
    return this;
  }

  @Override
  public int vocabSize() {
    return vocabSize;
  }

  @Override
  public int maxContextLength() {
    return maxContextLength;
  }

  @Override
  public long cacheBytesPerToken() {
    return cacheBytesPerToken;
  }

  @Override
  public Rows rows(int count, int maxLength) {
    assertThat(maxLength).isLessThanOrEqualTo(maxContextLength);
    open++;
    rowsOpened.add(count);
    return new TableRows(count, maxLength);
  }

  private final class TableRows implements Rows {
    private final int capacity;
    private final int maxLength;
    private int[][] texts = {};
    private int[][] candidates = {};

    TableRows(int capacity, int maxLength) {
      this.capacity = capacity;
      this.maxLength = maxLength;
    }

    @Override
    public float[][] prefill(int[][] prompts) {
      prefills++;
      texts = prompts;
      return logits();
    }

    @Override
    public float[][] step(int[] tokens) {
      assertThat(tokens).hasSameSizeAs(texts);
      steps++;
      texts =
          IntStream.range(0, texts.length)
              .mapToObj(row -> append(texts[row], tokens[row]))
              .toArray(int[][]::new);
      return logits();
    }

    @Override
    public void reorder(int[] sourceRows) {
      assertThat(sourceRows).isNotEmpty();
      texts = IntStream.of(sourceRows).mapToObj(source -> texts[source]).toArray(int[][]::new);
      candidates = new int[0][];
    }

    @Override
    public float[][][] lookahead(int[][] tokens) {
      assertThat(tokens.length).isEqualTo(texts.length);
      lookaheads++;
      rowsRun.add(texts.length);
      candidates = tokens;
      return IntStream.range(0, texts.length)
          .mapToObj(
              row -> {
                assertThat(tokens[row]).hasSameSizeAs(tokens[0]);
                return IntStream.of(tokens[row])
                    .mapToObj(token -> logits(append(texts[row], token)))
                    .toArray(float[][]::new);
              })
          .toArray(float[][][]::new);
    }

    @Override
    public void advance(int[] sourceRows, int[] candidateIndex) {
      assertThat(sourceRows).isNotEmpty().hasSameSizeAs(candidateIndex);
      texts =
          IntStream.range(0, sourceRows.length)
              .mapToObj(
                  row ->
                      append(
                          texts[sourceRows[row]], candidates[sourceRows[row]][candidateIndex[row]]))
              .toArray(int[][]::new);
      candidates = new int[0][];
    }

    @Override
    public void close() {
      open--;
    }

    private float[][] logits() {
      assertThat(texts.length).isLessThanOrEqualTo(capacity);
      rowsRun.add(texts.length);
      return Arrays.stream(texts).map(this::logits).toArray(float[][]::new);
    }

    private float[] logits(int[] text) {
      assertThat(text.length).isBetween(1, maxLength);
      return table.apply(text);
    }
  }

  static int[] append(int[] text, int token) {
    int[] longer = Arrays.copyOf(text, text.length + 1);
    longer[text.length] = token;
    return longer;
  }
}
