package org.onset.corpus.intervene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.onset.spec.SpecFile;

/** Rules as a user writes them; public, since the checks read its component. */
public record RuleDraft(Map<String, Rule> interventions) {
  private static final SpecFile<RuleDraft> FORM =
      new SpecFile<>(
          RuleDraft.class,
          new SpecFile.Kind("corpus", "corpora/some.yaml"),
          "{}",
          (merged, _) -> RuleDefaults.layUnder(merged.path("interventions")));

  /** Reads a file of that content in the folder. */
  static Map<String, Rule> read(Path folder, String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("corpus.yaml"), yaml);
    return FORM.read(file, Map.<String, String>of()::get).spec().interventions();
  }
}
