package org.onset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.study.Study;
import org.onset.study.spec.StudyFile;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The study file, and where and how it runs: what {@code run} and {@code plan} have in common. */
final class StudyArguments {
  @Parameters(paramLabel = "STUDY.yaml", description = "The study file.")
  private Path studyFile = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run's folder (default: runs/NAME).")
  private @Nullable Path out;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "Where artifacts are kept; runs may share it (default: OUT/store).")
  private @Nullable Path store;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Processors to fill with independent arms (default: all).")
  private int cores = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark's master for a corpus of files: local[N], or a cluster's address (default:"
              + " local[CORES]).")
  private @Nullable String master;

  StudyFile read() {
    return StudyFile.read(studyFile);
  }

  Study.Options options(StudyFile file) {
    Path folder = out == null ? Path.of("runs", file.spec().name()) : out;
    Path artifacts = store == null ? folder.resolve("store") : store;
    List<String> problems = new ArrayList<>();
    if (cores < 1) {
      problems.add("--cores: must be above 0, was " + cores);
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      problems.add("--out: " + folder + " is a file; name a folder");
    }
    if (Files.exists(artifacts) && !Files.isDirectory(artifacts)) {
      problems.add("--store: " + artifacts + " is a file; name a folder");
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    Study.Options here = Study.Options.here(folder, artifacts, cores);
    return master == null ? here : new Study.Options(folder, artifacts, cores, master);
  }
}
