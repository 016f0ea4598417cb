package org.onset.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.onset.BadInput;
import org.onset.WholeFolder;
import org.onset.tensor.Dtype;

/**
 * The states that a run saves on its way, in folders {@code step-N} of {@code folder}, which no two
 * runs may use at once.
 *
 * @param everySteps a state is saved after each so many steps, and on an interrupt
 * @param keepLast so many are kept: where the last is damaged, the one before it serves
 */
public record Checkpoints(Path folder, long everySteps, int keepLast) {
  private static final Pattern NAME = Pattern.compile("step-(\\d{12})");

  public Checkpoints {
    if (everySteps < 1 || keepLast < 1) {
      throw new IllegalArgumentException(
          "everySteps and keepLast must be above 0, were %d and %d"
              .formatted(everySteps, keepLast));
    }
  }

  /** The newest state that is whole; each damaged one is a warning. */
  Optional<TrainingState> newest(Dtype computedIn, StepListener listener) throws IOException {
    Files.createDirectories(folder);
    WholeFolder.deleteTemporary(folder);
    for (Path checkpoint : newestFirst()) {
      try {
        return Optional.of(TrainingState.load(checkpoint, computedIn));
      } catch (BadInput | UncheckedIOException damaged) {
        if (Thread.currentThread().isInterrupted()) {
          throw damaged; // perhaps only the reading was broken off
        }
        listener.onWarning("%s; trying the checkpoint before it".formatted(damaged.getMessage()));
      }
    }
    return Optional.empty();
  }

  /** Saves {@code snapshot}, then deletes what is older than the last few. */
  void save(Snapshot snapshot) {
    Uninterrupted.call(
        () -> {
          Path checkpoint = folder.resolve("step-%012d".formatted(snapshot.step()));
          for (Path newer : newestFirst()) {
            if (newer.getFileName().compareTo(checkpoint.getFileName()) >= 0) {
              WholeFolder.delete(newer); // it is damaged, or the run would have begun after it
            }
          }
          snapshot.save(checkpoint);
          for (Path old : newestFirst().stream().skip(keepLast).toList()) {
            WholeFolder.delete(old);
          }
          return checkpoint;
        });
  }

  /** Where the newest state lies, whole or not. */
  Optional<Path> newestFolder() {
    return Uninterrupted.call(() -> newestFirst().stream().findFirst());
  }

  private List<Path> newestFirst() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> NAME.matcher(entry.getFileName().toString()).matches())
          .sorted((a, b) -> b.getFileName().compareTo(a.getFileName()))
          .toList();
    }
  }
}
