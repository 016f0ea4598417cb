package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.model.ModelSpec;
import org.onset.study.results.FolderArm;
import org.onset.token.Tokenizer;

/**
 * A model that was trained elsewhere, standing as an arm: a Hugging Face folder, looked at before
 * anything is built. Its base model is one for all seeds; seeds repeat its tuning.
 *
 * @param sha256 {@link #digest} of the folder
 * @param tokenizer the SHA-256 of its {@code tokenizer.json}
 * @param tokens how many the tokenizer has; the model's vocabulary may be padded beyond
 * @param trainedTokens empty where nobody says
 */
record ArmFolder(
    String arm,
    Path path,
    String sha256,
    ModelSpec model,
    String tokenizer,
    int tokens,
    boolean hasTag,
    OptionalLong trainedTokens) {
  private static final int VERSION = 1;

  /** What a model is read from lies at the top of its folder: configurations and weights. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(
              file -> file.getFileName().toString().matches("[^.].*\\.(json|jinja|safetensors)"))
          .sorted()
          .toList();
    }
  }

  /** The SHA-256 of the names and contents of the files that are taken. */
  static String digest(Path folder) throws IOException {
    StringBuilder contents = new StringBuilder();
    for (Path file : files(folder)) {
      contents.append(file.getFileName()).append(' ').append(Fingerprint.ofFile(file)).append('\n');
    }
    return Fingerprint.of(contents.toString());
  }

  /**
   * Copies the folder into the store, where it stays as it is whatever becomes of the original:
   * {@code model/} as it lies there, and {@code tokenizer/}.
   */
  Node node(ArtifactStore store) {
    return new Node(
        Node.Stage.MODEL,
        "model " + path.getFileName(),
        Artifact.of("model", VERSION, Map.of("sha256", sha256)),
        List.of(),
        1,
        (output, _, _) -> {
          Path copy = Files.createDirectories(TrainingStages.modelFolder(output));
          for (Path file : files(path)) {
            Files.copy(file, copy.resolve(file.getFileName()));
          }
          if (!digest(copy).equals(sha256)) {
            throw new BadInput(path + ": has changed since the run began; run the study again");
          }
          Path ofTokenizer = Files.createDirectories(DataStages.tokenizerFolder(output));
          try (Tokenizer words = Tokenizer.open(copy)) {
            words.copyTo(ofTokenizer);
          }
        });
  }

  /** For results and plans; {@code base} is what the path is shown relative to. */
  FolderArm described(Path base) {
    boolean oneTree = path.getRoot().equals(base.getRoot());
    return new FolderArm(
        arm,
        (oneTree ? base.relativize(path) : path).toString().replace('\\', '/'),
        sha256,
        model.parameterCount(),
        tokens,
        model.maxContextLength(),
        trainedTokens.isPresent() ? (Long) trainedTokens.getAsLong() : null);
  }

  /**
   * What to know before arms are compared: a difference between models that were trained for
   * different lengths may come from that alone.
   *
   * @param pretrainedTokens what the study trains its own arms on, by arm
   */
  static List<String> warnings(Map<String, ArmFolder> folders, Map<String, Long> pretrainedTokens) {
    Map<String, String> lengths = new LinkedHashMap<>();
    pretrainedTokens.forEach(
        (arm, tokens) -> lengths.put(arm, String.format(Locale.ROOT, "%,d", tokens)));
    List<String> unknown = new ArrayList<>();
    folders.forEach(
        (arm, folder) -> {
          OptionalLong tokens = folder.trainedTokens;
          // Of one model in several arms the length is one, known or not.
          lengths.put(
              arm,
              tokens.isPresent()
                  ? String.format(Locale.ROOT, "%,d", tokens.getAsLong())
                  : folder.sha256);
          if (tokens.isEmpty()) {
            unknown.add(arm);
          }
        });
    if (folders.isEmpty() || lengths.values().stream().distinct().count() < 2) {
      return List.of();
    }
    List<String> warnings = new ArrayList<>();
    lengths.keySet().removeAll(unknown);
    if (lengths.values().stream().distinct().count() > 1) {
      warnings.add(
          "the arms' base models stopped at different token counts, so a difference between them may come from the length of training: "
              + lengths.entrySet().stream()
                  .map(entry -> entry.getKey() + " " + entry.getValue())
                  .collect(Collectors.joining(", ")));
    }
    if (!unknown.isEmpty()) {
      warnings.add(
          "nobody says how many tokens these arms' base models were trained on, so a difference may come from the length of training: %s; give trainedTokens where you know it"
              .formatted(String.join(", ", unknown)));
    }
    return warnings;
  }
}
