package org.onset.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.onset.BadInput;
import org.onset.corpus.Dialogue;
import org.onset.curriculum.StreamSize;
import org.onset.study.spec.ArmSpec.TagCompletions;
import org.onset.study.spec.TuningSpec;
import org.onset.token.Tokenizer;
import org.onset.token.TrainingSequence;
import org.onset.token.WindowWriter;

/** Dialogue sets, and completions of unsafe text, as windows: one item each. */
record TuningData(
    CorpusFolder corpus, Tokenizer tokenizer, TuningSpec tuning, TagCompletions completions) {
  /** The stream of plain unsafe texts, in the form that the arm asks for. */
  static final String COMPLETIONS = "tag-completions";

  /** Packs each stream as a shard under {@code folder}. */
  Map<String, StreamSize> pack(Collection<String> streams, Path folder) throws IOException {
    Map<String, StreamSize> sizes = new LinkedHashMap<>();
    for (String stream : streams) {
      List<TrainingSequence> sequences =
          stream.equals(COMPLETIONS) ? completionSequences() : dialogueSequences(stream);
      WindowWriter windows =
          WindowWriter.separate(
              folder.resolve(stream),
              new WindowWriter.Shape(
                  tuning.contextLength(), tokenizer.endOfText(), tokenizer.vocabSize()));
      try (windows) {
        for (TrainingSequence sequence : sequences) {
          windows.add(sequence);
        }
      }
      if (windows.count() == 0) {
        throw new BadInput(
            "the dialogue set '%s' holds nothing that can be trained on within %d tokens"
                .formatted(stream, tuning.contextLength()));
      }
      sizes.put(
          stream, new StreamSize(windows.count(), windows.trainedTokens(), OptionalInt.empty()));
    }
    return sizes;
  }

  private List<TrainingSequence> dialogueSequences(String set) throws IOException {
    List<TrainingSequence> sequences = new ArrayList<>();
    for (Dialogue dialogue : corpus.readDialogues(set)) {
      TrainingSequence sequence =
          tokenizer.chatTemplate().dialogue(dialogue.user(), dialogue.assistant());
      sequences.add(tuning.trainPrompts() ? wholly(sequence.tokens()) : sequence);
    }
    return sequences;
  }

  private List<TrainingSequence> completionSequences() throws IOException {
    List<TrainingSequence> sequences = new ArrayList<>();
    for (CorpusFolder.Text text : corpus.readCompletions(completions.toString())) {
      int[] words =
          completions == TagCompletions.TAGGED
              ? tokenizer.encodeTagged(text.text())
              : tokenizer.encode(text.text());
      int[] tokens = new int[words.length + 2];
      Arrays.fill(tokens, tokenizer.endOfText());
      System.arraycopy(words, 0, tokens, 1, words.length);
      sequences.add(wholly(tokens));
    }
    return sequences;
  }

  private static TrainingSequence wholly(int[] tokens) {
    boolean[] trained = new boolean[tokens.length];
    Arrays.fill(trained, 1, trained.length, true);
    return new TrainingSequence(tokens, trained);
  }
}
