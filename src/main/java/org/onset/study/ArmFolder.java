package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.study.results.FolderArm;
import org.onset.study.spec.ArmSpec;
import org.onset.study.spec.ArmSpec.TagCompletions;
import org.onset.study.spec.StudySpec;
import org.onset.study.spec.StudySpec.PrimaryContrast;
import org.onset.token.Tokenizer;

/**
 * A model that was trained elsewhere, standing as an arm: a Hugging Face folder, looked at before
 * anything is built. Its base model is one for all seeds; seeds repeat its tuning.
 *
 * @param sha256 of the names and contents of the files that are taken
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

  /**
   * The arms of {@code spec} that are folders, in its order.
   *
   * @throws BadInput with all that keeps any of them from being used as the study asks
   */
  static Map<String, ArmFolder> readAll(StudySpec spec) {
    Map<String, ArmFolder> folders = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    spec.arms()
        .forEach(
            (arm, declared) -> {
              Path path = declared.model();
              if (path != null) {
                Consumer<String> complaints =
                    problem -> problems.add("arms.%s.%s".formatted(arm, problem));
                ArmFolder folder = read(arm, path, declared, complaints);
                if (folder != null) {
                  folder.check(spec, declared, complaints);
                  folders.put(arm, folder);
                }
              }
            });
    checkContrasts(spec, folders, problems);
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return folders;
  }

  private static @Nullable ArmFolder read(
      String arm, Path path, ArmSpec declared, Consumer<String> complaints) {
    if (!Files.isDirectory(path)) {
      complaints.accept(
          "model: %s: there is no such folder; name one with config.json, model.safetensors and tokenizer.json, such as `onset import FILE.gguf --out FOLDER` makes"
              .formatted(path));
      return null;
    }
    ModelSpec model = null;
    try {
      model = Transformer.describe(path);
    } catch (BadInput e) {
      e.problems().forEach(problem -> complaints.accept("model: " + problem));
    }
    try (Tokenizer tokenizer = Tokenizer.open(path)) {
      boolean chats = tokenizer.chatTemplate() != null; // refused here if it can't be understood
      if (model == null || !chats) {
        return null;
      }
      Long trainedTokens = declared.trainedTokens();
      return new ArmFolder(
          arm,
          path,
          digest(path),
          model,
          tokenizer.fingerprint(),
          tokenizer.vocabSize(),
          tokenizer.tag().isPresent(),
          trainedTokens == null ? OptionalLong.empty() : OptionalLong.of(trainedTokens));
    } catch (BadInput e) {
      e.problems().forEach(problem -> complaints.accept("model: " + problem));
    } catch (IOException e) {
      complaints.accept("model: %s: can't be read (%s)".formatted(path, e.getMessage()));
    }
    return null;
  }

  private void check(StudySpec spec, ArmSpec declared, Consumer<String> complaints) {
    if (tokens > model.vocabSize()) {
      complaints.accept(
          "model: %s: the tokenizer has %d tokens, but the model only %d; they don't belong together"
              .formatted(path, tokens, model.vocabSize()));
    }
    if (declared.tagCompletions() == TagCompletions.TAGGED && !hasTag) {
      complaints.accept(
          "tagCompletions: the tokenizer in %s has no harmfulness tag; use untagged or none"
              .formatted(path));
    }
    Map<String, Integer> contexts = new LinkedHashMap<>();
    contexts.put("evaluation.contextLength", spec.evaluationContext());
    contexts.put("instruction.tuning.contextLength", spec.instruction().tuning().contextLength());
    spec.benign()
        .forEach(
            (task, tuning) ->
                contexts.put("benign." + task + ".contextLength", tuning.contextLength()));
    contexts.forEach(
        (field, length) -> {
          if (length > model.maxContextLength()) {
            complaints.accept(
                "model: %s: the model sees %d tokens at most, but %s is %d; lower it, for all arms"
                    .formatted(path, model.maxContextLength(), field, length));
          }
        });
  }

  /** What a contrast asks of two models can't be known before both are read. */
  private static void checkContrasts(
      StudySpec spec, Map<String, ArmFolder> folders, List<String> problems) {
    for (PrimaryContrast contrast : spec.primaryContrasts()) {
      ArmFolder arm = folders.get(contrast.arm());
      ArmFolder baseline = folders.get(contrast.baseline());
      if (contrast.metric().equals("perplexity")
          && arm != null
          && baseline != null
          && !arm.tokenizer.equals(baseline.tokenizer)) {
        problems.add(
            "arms.%s.model: its tokenizer isn't that of %s, so their perplexities per token don't compare; drop that primary contrast"
                .formatted(contrast.arm(), contrast.baseline()));
      }
      Integer layer = contrast.layer();
      for (ArmFolder folder :
          Stream.of(contrast.arm(), contrast.baseline())
              .map(folders::get)
              .filter(java.util.Objects::nonNull)
              .toList()) {
        if (layer != null && layer > folder.model.layerCount()) {
          problems.add(
              "arms.%s.model: a primary contrast names layer %d, but the model has %d"
                  .formatted(folder.arm, layer, folder.model.layerCount()));
        }
      }
    }
  }

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

  private static String digest(Path folder) throws IOException {
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
    pretrainedTokens.forEach((arm, tokens) -> lengths.put(arm, "%,d".formatted(tokens)));
    List<String> unknown = new ArrayList<>();
    folders.forEach(
        (arm, folder) -> {
          OptionalLong tokens = folder.trainedTokens;
          // Of one model in several arms the length is one, known or not.
          lengths.put(
              arm, tokens.isPresent() ? "%,d".formatted(tokens.getAsLong()) : folder.sha256);
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
