package org.onset.token;

import java.nio.file.Path;
import org.onset.BadInput;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Trains a byte-level BPE tokenizer, GPT-2's kind (Sennrich et al. 2016; Radford et al. 2019), and
 * writes it as a Hugging Face folder. The result depends only on how often each word occurs, not on
 * the order of the texts or the number of threads.
 */
public final class BytePairTrainer {
  /** The smallest vocabulary: the special tokens, the 256 bytes and a merge. */
  public static final int SMALLEST = SpecialTokens.all().size() + 256 + 1;

  private BytePairTrainer() {}

  /**
   * Trains on {@code texts} and writes a vocabulary of exactly {@code vocabSize} entries: the
   * special tokens, the 256 bytes, and merges. Text that doesn't hold that many merges (a pair must
   * occur twice to be one) is refused with the size it would give, since a model's shape follows
   * from the size asked for. The texts are read by the calling thread, and their words counted by
   * as many as there are processors.
   */
  public static void train(Iterable<String> texts, int vocabSize, Path folder) {
    checkSize("vocabSize", vocabSize);
    train(ParallelWordCount.of(texts), "vocabSize", vocabSize, folder);
  }

  /**
   * As {@link #train(Iterable, int, Path)}, on words that were counted before.
   *
   * @param field what the size is called where the user gave it
   */
  public static void train(WordCounts counts, String field, int vocabSize, Path folder) {
    checkSize(field, vocabSize);
    PairMerges merges = PairMerges.learn(counts, vocabSize - SpecialTokens.all().size());
    int reached = SpecialTokens.all().size() + merges.tokens().size();
    if (reached < vocabSize) {
      throw new BadInput(
          ("%s: the tokenizer's training text gives a vocabulary of %d, %d were asked for; give it"
                  + " more text or set it to %d or less")
              .formatted(field, reached, vocabSize, reached));
    }
    write(merges, folder);
  }

  private static void checkSize(String field, int vocabSize) {
    if (vocabSize < SMALLEST) {
      throw new BadInput(
          ("%s: must be at least %d (%d special tokens, 256 bytes and a merge) for a"
                  + " byte-level tokenizer, was %d")
              .formatted(field, SMALLEST, SpecialTokens.all().size(), vocabSize));
    }
  }

  private static void write(PairMerges merges, Path folder) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode model = json.objectNode().put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    SpecialTokens.all().forEach(token -> vocabulary.put(token, vocabulary.size()));
    merges.tokens().forEach(token -> vocabulary.put(token, vocabulary.size()));
    ArrayNode rules = model.putArray("merges");
    for (PairMerges.Merge merge : merges.merges()) {
      rules.add(merges.tokens().get(merge.left()) + " " + merges.tokens().get(merge.right()));
    }
    TokenizerFiles.writeOwn(folder, model, byteLevel(false), byteLevel(true));
  }

  /** The decoder ignores its flags, but readers want them. */
  private static ObjectNode byteLevel(boolean addPrefixSpace) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", addPrefixSpace)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }
}
