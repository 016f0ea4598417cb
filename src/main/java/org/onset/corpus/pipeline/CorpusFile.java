package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.onset.BadInput;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.corpus.intervene.Rule;
import org.onset.corpus.intervene.RuleDefaults;
import org.onset.corpus.source.TextSource;
import org.onset.spec.Share;
import org.onset.spec.SpecFile;
import tools.jackson.databind.node.ObjectNode;

/** Reads a corpus file: strict, and all problems at once, each with its line. */
public final class CorpusFile {
  private static final String CONTAMINATION = "contamination";

  /** What has defaults and is absent all the same unless the user names it. */
  private static final Set<String> UNASKED = Set.of(CONTAMINATION, "embedding", "llm");

  private static final SpecFile<Content> FORM =
      new SpecFile<>(
          Content.class,
          new SpecFile.Kind("corpus", "corpora/example.yaml"),
          defaults(),
          (merged, own) -> dropNotAsked(merged, own, UNASKED));

  private CorpusFile() {}

  /** What a file holds: the sections of a corpus, its name, and the tokenizer of its shards. */
  public record Content(
      String name,
      Map<String, TextSource> documents,
      CorpusSpec.Reading reading,
      CorpusSpec.Cleaning cleaning,
      CorpusSpec.Scoring scoring,
      Share heldOut,
      Map<String, Rule> interventions,
      DeclaredCorpus.TokenizerChoice tokenizer)
      implements Checked {
    CorpusSpec corpus() {
      return new CorpusSpec(documents, reading, cleaning, scoring, heldOut, interventions);
    }

    @Override
    public void check(Problems problems) {
      problems.require(!name.isBlank(), "name", "must not be blank");
      problems.require(
          name.chars().noneMatch(Character::isISOControl),
          "name",
          "must be one line; it heads the report card");
      corpus().check(problems);
      CorpusSpec.Decontamination contamination = cleaning.contamination();
      problems.require(
          contamination == null || !contamination.suites().isEmpty(),
          "cleaning.contamination.suites",
          "must name an evaluation suite");
    }
  }

  /** Reads {@code file}, or throws {@link BadInput} with every problem it has. */
  public static DeclaredCorpus read(Path file) {
    SpecFile.Declared<Content> declared = FORM.read(file, System::getenv);
    Content content = declared.spec();
    return new DeclaredCorpus(
        content.name(), content.corpus(), content.tokenizer(), declared.places());
  }

  /**
   * The sections of a corpus that stand in another file, with what they need not say. There the
   * suites of {@code cleaning.contamination} may be known without being named.
   *
   * @param own as written; anything but a map is the schema's to refuse
   */
  public static ObjectNode withDefaults(ObjectNode own) {
    ObjectNode merged = SpecFile.laidOver(defaults(), own);
    merged.remove("tokenizer");
    Set<String> unasked = new LinkedHashSet<>(UNASKED);
    unasked.remove(CONTAMINATION);
    dropNotAsked(merged, own, unasked);
    return merged;
  }

  /** Leaves out parts that have defaults and that nobody asked for. */
  private static void dropNotAsked(ObjectNode merged, ObjectNode own, Set<String> unasked) {
    for (String section : List.of("cleaning", "scoring")) {
      if (merged.path(section) instanceof ObjectNode object) {
        unasked.stream().filter(part -> !own.path(section).has(part)).forEach(object::remove);
      }
    }
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
