package org.onset.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Continues each prompt in one row, token by token, leaving out the rows that are done. */
final class Sampling {
  private final LanguageModel.Rows rows;
  private final TokenChoice choice;
  private final int[] stopTokens;
  private final DecodingListener listener;

  Sampling(
      LanguageModel.Rows rows, TokenChoice choice, int[] stopTokens, DecodingListener listener) {
    this.rows = rows;
    this.choice = choice;
    this.stopTokens = stopTokens;
    this.listener = listener;
  }

  /** A text growing to at most {@code tokens.length} new tokens. */
  private static final class Text {
    final int prompt;
    final RandomGenerator random;
    final int[] tokens;
    int length;
    double logProbability;

    Text(int prompt, int limit, RandomGenerator random) {
      this.prompt = prompt;
      this.random = random;
      this.tokens = new int[limit];
    }

    int last() {
      return tokens[length - 1];
    }

    Completion completed(Finish finish) {
      return new Completion(Arrays.copyOf(tokens, length), logProbability, finish);
    }
  }

  /** {@code limits} and {@code randoms} are those of the prompts, one each. */
  List<Completion> complete(
      List<Prompt> prompts, int[] limits, List<? extends RandomGenerator> randoms) {
    List<Text> texts = new ArrayList<>();
    for (int i = 0; i < limits.length; i++) {
      texts.add(new Text(i, limits[i], randoms.get(i)));
    }
    Completion[] completions = new Completion[limits.length];
    float[][] logits = rows.prefill(prompts.stream().map(Prompt::tokens).toArray(int[][]::new));
    while (true) {
      List<Text> going = new ArrayList<>();
      int[] goingRows = new int[texts.size()];
      extendAll(texts, logits);
      for (int row = 0; row < texts.size(); row++) {
        Text text = texts.get(row);
        listener.chosen(prompts.get(text.prompt), text.last());
        if (StopTokens.contains(stopTokens, text.last())) {
          completions[text.prompt] = text.completed(Finish.STOP);
        } else if (text.length == text.tokens.length) {
          completions[text.prompt] = text.completed(Finish.LENGTH);
        } else {
          goingRows[going.size()] = row;
          going.add(text);
        }
      }
      if (going.isEmpty()) {
        return List.of(completions);
      }
      if (going.size() < texts.size()) {
        rows.reorder(Arrays.copyOf(goingRows, going.size()));
        texts = going;
      }
      logits = rows.step(texts.stream().mapToInt(Text::last).toArray());
    }
  }

  private void extendAll(List<Text> texts, float[][] logits) {
    Logits.rows(logits).forEach(row -> extend(texts.get(row), logits[row]));
  }

  private void extend(Text text, float[] logits) {
    double logSum = Logits.logSumExp(logits);
    int token = choice.choose(logits, text.random);
    text.tokens[text.length++] = token;
    text.logProbability += logits[token] - logSum;
  }
}
