package org.onset.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.onset.BadInput;

/**
 * The states that a run saves on its way, in folders {@code step-N} of {@code folder}, which no two
 * runs may use at once. The last two are kept, so that one is left when the other is damaged.
 *
 * @param everySteps a state is saved after each so many steps, and on an interrupt
 */
public record Checkpoints(Path folder, long everySteps) {
  private static final int KEPT = 2;
  private static final Pattern NAME = Pattern.compile("step-(\\d{12})");

  public Checkpoints {
    if (everySteps < 1) {
      throw new IllegalArgumentException("everySteps must be above 0, was " + everySteps);
    }
  }

  /** The newest state that is whole; each damaged one is a warning. */
  Optional<TrainingState> newest(StepListener listener) throws IOException {
    Files.createDirectories(folder);
    WholeFolder.deleteTemporary(folder);
    for (Path checkpoint : newestFirst()) {
      try {
        return Optional.of(TrainingState.load(checkpoint));
      } catch (BadInput damaged) {
        if (Thread.currentThread().isInterrupted()) {
          throw damaged; // perhaps only the reading was broken off
        }
        listener.onWarning("%s; trying the checkpoint before it".formatted(damaged.getMessage()));
      }
    }
    return Optional.empty();
  }

  void save(TrainingState state) {
    Uninterrupted.call(
        () -> {
          Path checkpoint = folder.resolve("step-%012d".formatted(state.step()));
          if (Files.exists(checkpoint)) {
            WholeFolder.delete(checkpoint); // it is damaged, or the run would have begun after it
          }
          state.save(checkpoint, new int[0]);
          for (Path old : newestFirst().stream().skip(KEPT).toList()) {
            WholeFolder.delete(old);
          }
          return checkpoint;
        });
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
