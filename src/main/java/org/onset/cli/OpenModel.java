package org.onset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.onset.BadInput;
import org.onset.decode.Decoder;
import org.onset.decode.Generation;
import org.onset.model.ModelFolder;
import org.onset.model.Transformer;
import org.onset.tensor.Dtype;
import org.onset.token.Tokenizer;

/** A model named on the command line, with its tokenizer. */
final class OpenModel implements AutoCloseable {
  private static final Pattern SEPARATOR = Pattern.compile("[\\s,]+");

  final Transformer transformer;
  final Tokenizer tokenizer;

  private OpenModel(Transformer transformer, Tokenizer tokenizer) {
    this.transformer = transformer;
    this.tokenizer = tokenizer;
  }

  /**
   * Reads the folder.
   *
   * @param problems what is wrong with the command already, to be said together with the folder's
   */
  static OpenModel open(ModelArguments arguments, List<String> problems) {
    Transformer transformer = openTransformer(arguments, problems);
    try {
      return new OpenModel(transformer, Tokenizer.open(arguments.folder));
    } catch (RuntimeException e) {
      transformer.close();
      throw withOthers(problems, e);
    }
  }

  /** The model alone, for which the folder needs no tokenizer. */
  static Transformer openTransformer(ModelArguments arguments, List<String> problems) {
    Path folder = arguments.folder;
    Dtype dtype = DtypeArgument.of(arguments.dtype, problems);
    if (!Files.isDirectory(folder)) {
      problems.add(
          folder
              + ": no such folder; name a model's folder, such as runs/NAME/models/ARM/SEED/base");
      throw new BadInput(problems);
    }
    try (ModelFolder model = ModelFolder.open(folder)) {
      ModelFolder.requireFinite(folder, model.weights());
      return Transformer.load(folder, dtype);
    } catch (BadInput e) {
      throw withOthers(problems, e);
    }
  }

  private static RuntimeException withOthers(List<String> problems, RuntimeException failure) {
    if (failure instanceof BadInput input) {
      List<String> all = new ArrayList<>(problems);
      all.addAll(input.problems());
      return new BadInput(all);
    }
    return failure;
  }

  /** Says so where the decoder would look for a tag that the model doesn't have. */
  void warnWithoutTag(Decoder decoder) {
    boolean looks =
        decoder instanceof Decoder.SafeBeam || decoder instanceof Decoder.SafeBeamThreshold;
    if (looks && tokenizer.tag().isEmpty()) {
      System.err.println(
          "onset: warning: this model's tokenizer names no harmfulness tag (onset_tag_token), so "
              + decoder.name()
              + " is plain beam search");
    }
  }

  Generation generation() {
    return new Generation(transformer, tokenizer.stopTokens(), tokenizer.tag());
  }

  @Override
  public void close() {
    tokenizer.close();
    transformer.close();
  }

  /** The ids that {@code --tokens} gives: whole numbers separated by white space or commas. */
  static int[] ids(String tokens, List<String> problems) {
    IntStream.Builder ids = IntStream.builder();
    for (String word : SEPARATOR.splitAsStream(tokens.strip()).toList()) {
      try {
        ids.add(Integer.parseInt(word));
      } catch (NumberFormatException e) {
        problems.add(
            "--tokens: '%s' is not a whole number; write ids, as in \"1 2 3\"".formatted(word));
      }
    }
    return ids.build().toArray();
  }

  /**
   * Adds what is wrong with the ids that {@code option} gave: each must be in the model's
   * vocabulary, and all of them within its context less {@code room}. Throws if there are problems.
   */
  static void check(
      String option, int[] ids, Transformer transformer, int room, List<String> problems) {
    int vocabSize = transformer.spec().vocabSize();
    int contextLength = transformer.spec().maxContextLength();
    for (int id : ids) {
      if (id < 0 || id >= vocabSize) {
        problems.add(
            "%s: %d is not a token of this model; ids go from 0 to %d"
                .formatted(option, id, vocabSize - 1));
      }
    }
    if (ids.length > contextLength - room) {
      problems.add(
          "%s: %d tokens %s the model's context of %d; give fewer"
              .formatted(
                  option,
                  ids.length,
                  room == 0 ? "are more than fit" : "leave no room for another in",
                  contextLength));
    }
    if (problems.isEmpty() && ids.length == 0) {
      problems.add(option + ": holds nothing; give at least one token");
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }
}
