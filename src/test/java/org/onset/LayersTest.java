package org.onset;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of packages in ARCHITECTURE.md, enforced: a package uses those in its row, and what
 * those may use.
 */
class LayersTest {
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("tensor", List.of()),
          Map.entry("tensor.plain", List.of()),
          Map.entry("curriculum", List.of()),
          Map.entry("token", List.of()),
          Map.entry("stats", List.of()),
          Map.entry("endpoint", List.of()),
          Map.entry("model", List.of("tensor")),
          Map.entry("hub", List.of("model", "token")),
          Map.entry("corpus", List.of("token", "spec", "corpus.clean")),
          Map.entry("corpus.clean", List.of()),
          Map.entry("corpus.card", List.of("stats")),
          Map.entry("corpus.source", List.of("corpus")),
          Map.entry("corpus.score", List.of("corpus", "stats")),
          Map.entry("corpus.intervene", List.of("corpus", "endpoint")),
          Map.entry(
              "corpus.pipeline",
              List.of("corpus.source", "corpus.card", "corpus.score", "corpus.intervene")),
          Map.entry("world", List.of("corpus")),
          Map.entry("decode", List.of("model", "token")),
          Map.entry("train", List.of("model", "curriculum", "token")),
          Map.entry("probe", List.of("model", "stats")),
          Map.entry("bench", List.of("tensor.plain", "decode", "train", "corpus.pipeline")),
          Map.entry("eval", List.of("decode", "train", "probe", "world", "stats")),
          Map.entry("study.results", List.of()),
          Map.entry("spec", List.of()),
          Map.entry("study.spec", List.of("spec", "corpus.pipeline", "eval")),
          Map.entry("report", List.of("study.results", "corpus.card", "stats")),
          Map.entry("study", List.of("study.results", "study.spec", "corpus.pipeline", "eval")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.onset");

  static List<String> packages() {
    return List.copyOf(MAY_USE.keySet());
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageUsesOnlyThoseBelowIt(String name) {
    Set<String> allowed = new LinkedHashSet<>(List.of(name));
    collect(name, allowed);
    String[] forbidden =
        MAY_USE.keySet().stream()
            .filter(other -> !allowed.contains(other))
            .map(LayersTest::packageOf)
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage(packageOf(name))
        .should()
        .dependOnClassesThat(resideInAnyPackage(forbidden).or(resideInAnyPackage("org.onset.cli")))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void onlyTensorTouchesLibtorch() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.onset.tensor", "org.onset.tensor.plain")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(CLASSES);
  }

  @Test
  void everyPackageHasItsRow() {
    String[] known = MAY_USE.keySet().stream().map(LayersTest::packageOf).toArray(String[]::new);

    classes()
        .should()
        .resideInAnyPackage(known)
        .orShould()
        .resideInAnyPackage("org.onset", "org.onset.cli")
        .check(CLASSES);
  }

  @Test
  void theRootPackageUsesNoOther() {
    noClasses()
        .that()
        .resideInAPackage("org.onset")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.onset.(**)")
        .check(CLASSES);
  }

  @Test
  void noCycles() {
    SlicesRuleDefinition.slices()
        .matching("org.onset.(**)")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  private static void collect(String name, Set<String> allowed) {
    for (String below : MAY_USE.getOrDefault(name, List.of())) {
      allowed.add(below);
      collect(below, allowed);
    }
  }

  private static String packageOf(String name) {
    return "org.onset." + name;
  }
}
