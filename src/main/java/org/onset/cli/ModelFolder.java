package org.onset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.onset.BadInput;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;

/** A model named on the command line, and the tokens given with it. */
final class ModelFolder {
  private static final Pattern SEPARATOR = Pattern.compile("[\\s,]+");

  private ModelFolder() {}

  /**
   * Reads the model.
   *
   * @param problems what is wrong with the command already, to be said together with the folder's
   */
  static Transformer open(Path folder, List<String> problems) {
    if (!Files.isDirectory(folder)) {
      problems.add(
          folder
              + ": no such folder; name a model's folder, such as runs/NAME/models/ARM/SEED/base");
      throw new BadInput(problems);
    }
    try {
      return Transformer.load(folder);
    } catch (BadInput e) {
      problems.addAll(e.problems());
      throw new BadInput(problems);
    }
  }

  /** Whole numbers separated by white space or commas. */
  static List<Integer> ids(String tokens, List<String> problems) {
    List<Integer> ids = new ArrayList<>();
    for (String word : SEPARATOR.splitAsStream(tokens.strip()).toList()) {
      try {
        ids.add(Integer.parseInt(word));
      } catch (NumberFormatException e) {
        problems.add(
            "--tokens: '%s' is not a whole number; write ids, as in \"1 2 3\"".formatted(word));
      }
    }
    return ids;
  }

  /**
   * The ids, each within the model's vocabulary, and all of them within its context less {@code
   * room}; otherwise throws, with the problems found so far.
   */
  static int[] checked(List<Integer> ids, ModelSpec spec, int room, List<String> problems) {
    for (int id : ids) {
      if (id < 0 || id >= spec.vocabSize()) {
        problems.add(
            "--tokens: %d is not a token of this model; ids go from 0 to %d"
                .formatted(id, spec.vocabSize() - 1));
      }
    }
    if (ids.size() > spec.maxContextLength() - room) {
      problems.add(
          "--tokens: %d tokens %s the model's context of %d; give fewer"
              .formatted(
                  ids.size(),
                  room == 0 ? "are more than fit" : "leave no room for another in",
                  spec.maxContextLength()));
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
