package org.onset.study.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.corpus.pipeline.CorpusFile;
import org.onset.spec.SpecFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A study file that was read.
 *
 * @param spec the study, free of problems
 * @param resolved the study as YAML, defaults filled in
 * @param folder what relative paths in the study are relative to
 */
public record StudyFile(StudySpec spec, String resolved, Path folder) {
  private static final SpecFile<StudySpec> FORM =
      new SpecFile<>(
          StudySpec.class,
          new SpecFile.Kind("study", "studies/quickstart.yaml"),
          defaults(),
          StudyFile::adjust);

  /** Reads {@code file}, or throws {@link BadInput} with every problem it has. */
  public static StudyFile read(Path file) {
    return read(file, System::getenv);
  }

  static StudyFile read(Path file, Function<String, @Nullable String> environment) {
    SpecFile.Declared<StudySpec> study = FORM.read(file, environment);
    return new StudyFile(study.spec(), study.resolved(), study.folder());
  }

  private static String defaults() {
    try (InputStream in = StudyFile.class.getResourceAsStream("defaults.yaml")) {
      if (in == null) {
        throw new IllegalStateException("defaults.yaml is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("defaults.yaml can't be read", e);
    }
  }

  private static void adjust(ObjectNode merged, ObjectNode own) {
    dropUnneeded(merged, own);
    if (merged.path("data") instanceof ObjectNode data) {
      if (!own.path("data").has("world")) {
        data.remove("world");
      }
      if (data.path("files") instanceof ObjectNode files
          && files.path("corpus") instanceof ObjectNode corpus) {
        files.set("corpus", CorpusFile.withDefaults(corpus));
      }
    }
  }

  /**
   * Of what only pretrained arms need, the defaults would ask for the rest, in a study of folders
   * alone too.
   */
  private static void dropUnneeded(ObjectNode merged, ObjectNode own) {
    JsonNode arms = own.path("arms");
    boolean ofFolders = !arms.isEmpty() && arms.valueStream().allMatch(arm -> arm.has("model"));
    if (ofFolders) {
      StudySpec.FOR_PRETRAINING.stream().filter(key -> !own.has(key)).forEach(merged::remove);
    }
  }
}
