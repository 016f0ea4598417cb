package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.onset.BadInput;
import org.onset.corpus.intervene.RuleDefaults;
import org.onset.spec.SpecFile;
import tools.jackson.databind.node.ObjectNode;

/** Reads a corpus file: strict, and all problems at once, each with its line. */
public final class CorpusFile {
  private static final SpecFile<CorpusSpec> FORM =
      new SpecFile<>(
          CorpusSpec.class,
          new SpecFile.Kind("corpus", "corpora/example.yaml"),
          defaults(),
          CorpusFile::dropNotAsked);

  private static final String OFF = "off";
  private static final Map<String, List<String>> OPTIONAL =
      Map.of(
          "cleaning", List.of("quality", "nearDuplicates", "contamination"),
          "scoring", List.of("linear", "embedding", "llm"),
          "interventions", List.of("safe", "unsafe", "tagged"));
  private static final List<String> UNASKED = List.of("contamination", "embedding", "llm");

  private CorpusFile() {}

  /** Reads {@code file}, or throws {@link BadInput} with every problem it has. */
  public static SpecFile.Declared<CorpusSpec> read(Path file) {
    return FORM.read(file, System::getenv);
  }

  /** A part that is {@code off} is absent, and so are some whose defaults nobody asked for. */
  private static void dropNotAsked(ObjectNode merged, ObjectNode own) {
    OPTIONAL.forEach(
        (section, parts) -> {
          if (merged.path(section) instanceof ObjectNode object) {
            for (String part : parts) {
              boolean asked = own.path(section).has(part) || !UNASKED.contains(part);
              if (!asked || object.path(part).asString("").equals(OFF)) {
                object.remove(part);
              }
            }
          }
        });
    RuleDefaults.layUnder(merged.path("interventions"));
  }

  private static String defaults() {
    try (InputStream in = CorpusFile.class.getResourceAsStream("corpus-defaults.yaml")) {
      if (in == null) {
        throw new IllegalStateException("corpus-defaults.yaml is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("corpus-defaults.yaml can't be read", e);
    }
  }
}
