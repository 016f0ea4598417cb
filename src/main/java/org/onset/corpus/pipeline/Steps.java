package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.onset.BadInput;

/** Runs the tasks of a step, those whose results aren't there yet. */
final class Steps {
  private final JavaSparkContext spark;
  private final WorkFolder work;
  private final Progress progress;

  Steps(JavaSparkContext spark, WorkFolder work, Progress progress) {
    this.spark = spark;
    this.work = work;
    this.progress = progress;
  }

  /** Makes a step's result, named by its key. */
  record Task(String step, String key, WorkFolder.Content content) implements Serializable {}

  /** Makes on the workers what isn't there yet; returns each task's folder. */
  List<Path> run(String name, List<Task> tasks) {
    WorkFolder everywhere = work;
    List<Task> missing =
        tasks.stream().filter(task -> !everywhere.has(task.step(), task.key())).toList();
    Running running = begin(name, tasks.size() - missing.size(), tasks.size());
    if (!missing.isEmpty()) {
      List<String> problems =
          spark
              .parallelize(missing, missing.size())
              .flatMap(task -> problemsOf(task, everywhere).iterator())
              .collect();
      if (!problems.isEmpty()) {
        throw new BadInput(problems);
      }
    }
    running.end();
    return tasks.stream().map(task -> work.folder(task.step(), task.key())).toList();
  }

  /** A task that Spark sees fail would be tried again; what is wrong with a file stays wrong. */
  private static List<String> problemsOf(Task task, WorkFolder work) throws IOException {
    try {
      work.make(task.step(), task.key(), task.content());
      return List.of();
    } catch (BadInput e) {
      return e.problems();
    }
  }

  /** Makes in this process what isn't there yet. */
  Path runHere(String name, String key, WorkFolder.Content content) {
    Running running = begin(name, work.has(name, key) ? 1 : 0, 1);
    try {
      Path folder = work.make(name, key, content);
      running.end();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Running {
    void end();
  }

  private Running begin(String step, int done, int all) {
    progress.begins(step, done, all);
    long startedNanos = System.nanoTime();
    return () -> progress.ends(step, (System.nanoTime() - startedNanos) / 1e9);
  }
}
