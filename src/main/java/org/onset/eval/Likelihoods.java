package org.onset.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.onset.corpus.Document;
import org.onset.corpus.Question;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;

/** What a model's likelihoods tell without sampling. */
public final class Likelihoods {
  private static final int ROWS_PER_BATCH = 64;

  private Likelihoods() {}

  /**
   * Whether the right choice is the likeliest continuation per token, question by question; of
   * equals the first counts. What is longer than {@code contextLength} loses its beginning.
   */
  public static boolean[] answered(
      Transformer model,
      Tokenizer tokenizer,
      Asking asking,
      List<Question> questions,
      int contextLength) {
    List<int[]> rows = new ArrayList<>();
    List<Integer> choiceLengths = new ArrayList<>();
    for (Question question : questions) {
      int[] prompt = asking.prompt(question, tokenizer);
      for (String choice : question.choices()) {
        int[] continuation = tokenizer.encode(continuation(asking, choice));
        int[] row = new int[prompt.length + continuation.length];
        System.arraycopy(prompt, 0, row, 0, prompt.length);
        System.arraycopy(continuation, 0, row, prompt.length, continuation.length);
        rows.add(Arrays.copyOfRange(row, Math.max(0, row.length - contextLength), row.length));
        choiceLengths.add(Math.min(continuation.length, contextLength - 1));
      }
    }
    double[] scores = new double[rows.size()];
    double[][] logProbabilities = inBatches(model, rows);
    for (int i = 0; i < scores.length; i++) {
      double[] row = logProbabilities[i];
      int length = choiceLengths.get(i);
      for (int t = row.length - length; t < row.length; t++) {
        scores[i] += row[t] / length;
      }
    }
    boolean[] answered = new boolean[questions.size()];
    int first = 0;
    for (int q = 0; q < answered.length; q++) {
      int choices = questions.get(q).choices().size();
      int start = first;
      int best =
          IntStream.range(0, choices)
              .boxed()
              .max((a, b) -> Double.compare(scores[start + a], scores[start + b]))
              .orElseThrow();
      answered[q] = best == questions.get(q).answer();
      first += choices;
    }
    return answered;
  }

  /** In running text a choice follows a space; an answer begins a turn. */
  private static String continuation(Asking asking, String choice) {
    return switch (asking) {
      case COMPLETION -> " " + choice;
      case CHAT -> choice;
    };
  }

  /**
   * The perplexity of each text, per token and with its end; texts longer than {@code
   * contextLength} are cut.
   */
  public static double[] perplexities(
      Transformer model, Tokenizer tokenizer, List<Document> documents, int contextLength) {
    List<int[]> rows =
        documents.stream()
            .map(document -> Asking.document(document.text(), tokenizer))
            .map(row -> ended(row, tokenizer.endOfText(), contextLength))
            .toList();
    double[][] logProbabilities = inBatches(model, rows);
    double[] perplexities = new double[rows.size()];
    for (int i = 0; i < perplexities.length; i++) {
      double sum = 0;
      for (double logProbability : logProbabilities[i]) {
        sum += logProbability;
      }
      perplexities[i] = Math.exp(-sum / Math.max(1, logProbabilities[i].length));
    }
    return perplexities;
  }

  private static int[] ended(int[] row, int endOfText, int limit) {
    int[] ended = Arrays.copyOf(row, Math.min(row.length + 1, limit));
    if (ended.length > row.length) {
      ended[row.length] = endOfText;
    }
    return ended;
  }

  private static double[][] inBatches(Transformer model, List<int[]> rows) {
    double[][] all = new double[rows.size()][];
    for (int from = 0; from < all.length; from += ROWS_PER_BATCH) {
      int to = Math.min(all.length, from + ROWS_PER_BATCH);
      double[][] batch = model.logProbabilities(rows.subList(from, to).toArray(int[][]::new));
      System.arraycopy(batch, 0, all, from, batch.length);
    }
    return all;
  }
}
