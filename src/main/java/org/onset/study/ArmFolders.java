package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.onset.BadInput;
import org.onset.model.ModelFolder;
import org.onset.model.ModelSpec;
import org.onset.study.spec.ArmSpec;
import org.onset.study.spec.ArmSpec.TagCompletions;
import org.onset.study.spec.StudySpec;
import org.onset.study.spec.StudySpec.PrimaryContrast;
import org.onset.token.Tokenizer;

/** Looks at the folders that a study names as arms, and holds them against what it asks of them. */
final class ArmFolders {
  private final StudySpec spec;
  private final Map<Path, String> digests =
      new HashMap<>(); // several arms may begin with one model
  private final Map<String, ArmFolder> folders = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private ArmFolders(StudySpec spec) {
    this.spec = spec;
  }

  /**
   * The arms of {@code spec} that are folders, in its order.
   *
   * @throws BadInput with all that keeps any of them from being used as the study asks
   */
  static Map<String, ArmFolder> readAll(StudySpec spec) {
    ArmFolders reading = new ArmFolders(spec);
    spec.arms().forEach(reading::add);
    spec.primaryContrasts().forEach(reading::check);
    if (!reading.problems.isEmpty()) {
      throw new BadInput(reading.problems);
    }
    return reading.folders;
  }

  private void add(String arm, ArmSpec declared) {
    Path path = declared.model();
    if (path == null) {
      return;
    }
    if (!Files.isDirectory(path)) {
      refuse(
          arm,
          "model",
          path
              + ": there is no such folder; name one with config.json, model.safetensors and"
              + " tokenizer.json, such as `onset import FILE.gguf --out FOLDER` makes");
      return;
    }
    Optional<ModelSpec> model = describe(arm, path);
    try (Tokenizer tokenizer = Tokenizer.open(path)) {
      tokenizer.chatTemplate().endOfTurn(); // a template that can't write a dialogue is refused
      if (model.isPresent()) {
        ArmFolder folder = folder(arm, path, declared, model.get(), tokenizer);
        check(folder, declared);
        folders.put(arm, folder);
      }
    } catch (BadInput e) {
      e.problems().forEach(problem -> refuse(arm, "model", problem));
    } catch (IOException e) {
      refuse(arm, "model", "%s: can't be read (%s)".formatted(path, e.getMessage()));
    }
  }

  private Optional<ModelSpec> describe(String arm, Path path) {
    try (ModelFolder model = ModelFolder.open(path)) {
      ModelFolder.requireFinite(path, model.weights());
      return Optional.of(model.spec());
    } catch (BadInput e) {
      e.problems().forEach(problem -> refuse(arm, "model", problem));
      return Optional.empty();
    }
  }

  private ArmFolder folder(
      String arm, Path path, ArmSpec declared, ModelSpec model, Tokenizer tokenizer)
      throws IOException {
    String digest = digests.get(path);
    if (digest == null) {
      digest = ArmFolder.digest(path);
      digests.put(path, digest);
    }
    return new ArmFolder(
        arm,
        path,
        digest,
        model,
        tokenizer.fingerprint(),
        tokenizer.vocabSize(),
        tokenizer.tag().isPresent(),
        trainedTokens(arm, path, declared));
  }

  /** As the study says or the folder, which may know better than to agree. */
  private OptionalLong trainedTokens(String arm, Path path, ArmSpec declared) {
    OptionalLong told = ModelFolder.trainedTokens(path);
    Long given = declared.trainedTokens();
    if (given == null) {
      return told;
    }
    if (told.isPresent() && told.getAsLong() != given) {
      refuse(
          arm,
          "trainedTokens",
          "%s says %d tokens itself, not %d; leave it out"
              .formatted(path, told.getAsLong(), given));
    }
    return OptionalLong.of(given);
  }

  private void check(ArmFolder folder, ArmSpec declared) {
    ModelSpec model = folder.model();
    if (folder.tokens() > model.vocabSize()) {
      refuse(
          folder.arm(),
          "model",
          "%s: the tokenizer has %d tokens, but the model only %d; they don't belong together"
              .formatted(folder.path(), folder.tokens(), model.vocabSize()));
    }
    if (declared.tagCompletions() == TagCompletions.TAGGED && !folder.hasTag()) {
      refuse(
          folder.arm(),
          "tagCompletions",
          "the tokenizer in %s has no harmfulness tag; use untagged or none"
              .formatted(folder.path()));
    }
    checkContext(folder, "evaluation.contextLength", spec.evaluationContext());
    checkContext(
        folder, "instruction.tuning.contextLength", spec.instruction().tuning().contextLength());
    spec.benign()
        .forEach(
            (task, tuning) ->
                checkContext(
                    folder, "benign.%s.contextLength".formatted(task), tuning.contextLength()));
  }

  private void checkContext(ArmFolder folder, String field, int length) {
    if (length > folder.model().maxContextLength()) {
      refuse(
          folder.arm(),
          "model",
          "%s: the model sees %d tokens at most, but %s is %d; lower that, for all arms"
              .formatted(folder.path(), folder.model().maxContextLength(), field, length));
    }
  }

  /** What a contrast asks of two models isn't known before both are read. */
  private void check(PrimaryContrast contrast) {
    ArmFolder arm = folders.get(contrast.arm());
    ArmFolder baseline = folders.get(contrast.baseline());
    if (contrast.metric().equals("perplexity")
        && arm != null
        && baseline != null
        && !arm.tokenizer().equals(baseline.tokenizer())) {
      refuse(
          contrast.arm(),
          "model",
          "its tokenizer isn't that of %s, so their perplexities per token don't compare; drop that"
                  .formatted(contrast.baseline())
              + " primary contrast");
    }
    Integer layer = contrast.layer();
    for (String name : List.of(contrast.arm(), contrast.baseline())) {
      ArmFolder folder = folders.get(name);
      if (layer != null && folder != null && layer > folder.model().layerCount()) {
        refuse(
            name,
            "model",
            "a primary contrast names layer %d, but the model has %d"
                .formatted(layer, folder.model().layerCount()));
      }
    }
  }

  private void refuse(String arm, String field, String problem) {
    problems.add("arms.%s.%s: %s".formatted(arm, field, problem));
  }
}
