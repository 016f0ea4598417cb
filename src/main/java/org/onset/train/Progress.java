package org.onset.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.onset.BadInput;
import org.onset.Fingerprint;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The content of {@code onset/progress.json}: how far a saved state has come, and its digests. */
record Progress(
    int format,
    long step,
    long tokensSeen,
    long updates,
    List<Long> skippedSteps,
    SortedMap<String, String> files,
    String digest) {
  private static final String FILE = "onset/progress.json";
  private static final int FORMAT = 1;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  Progress {
    skippedSteps = List.copyOf(skippedSteps);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** Takes the digests of all files that lie in {@code folder}, and writes them beside them. */
  static Progress write(
      Path folder, long step, long tokensSeen, long updates, List<Long> skippedSteps)
      throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        files.put(name, Fingerprint.ofFile(file));
      }
    }
    Progress progress =
        new Progress(FORMAT, step, tokensSeen, updates, skippedSteps, files, "").withDigest();
    Files.write(folder.resolve(FILE), JSON.writeValueAsBytes(progress));
    return progress;
  }

  /** Reads the progress of {@code folder}, and compares every file with its digest. */
  static Progress verified(Path folder) {
    Path file = folder.resolve(FILE);
    Progress progress;
    try {
      progress = JSON.readValue(Files.readAllBytes(file), Progress.class);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new BadInput(file + ": missing, so this is no saved training state");
    } catch (JacksonException e) {
      throw new BadInput(file + ": damaged: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    if (!progress.digest.equals(progress.withDigest().digest)) {
      throw new BadInput(file + ": damaged: its content doesn't have its digest");
    }
    if (progress.format != FORMAT) {
      throw new BadInput(
          "%s: has format %d, this version of onset reads %d"
              .formatted(file, progress.format, FORMAT));
    }
    for (Map.Entry<String, String> entry : progress.files.entrySet()) {
      refuseDamaged(folder.resolve(entry.getKey()), entry.getValue());
    }
    return progress;
  }

  private static void refuseDamaged(Path file, String expected) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": missing");
    }
    try {
      String found = Fingerprint.ofFile(file);
      if (!found.equals(expected)) {
        throw new BadInput(
            "%s: damaged: its SHA-256 is %s, but %s was written".formatted(file, found, expected));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private Progress withDigest() {
    String content =
        "format %d\nstep %d\ntokensSeen %d\nupdates %d\nskippedSteps %s\nfiles %s\n"
            .formatted(format, step, tokensSeen, updates, skippedSteps, files);
    return new Progress(
        format, step, tokensSeen, updates, skippedSteps, files, Fingerprint.of(content));
  }
}
