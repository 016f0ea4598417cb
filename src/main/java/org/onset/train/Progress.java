package org.onset.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.JsonProblem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a training has come; with the digests of a saved state's files, the content of its {@code
 * onset/progress.json}.
 *
 * @param skippedSteps steps that were not applied, since their loss or gradient was not finite
 * @param spikes steps whose loss jumped, as {@link LossSpikes} says
 * @param recentLosses of the last steps that were applied, as many as that looks at
 * @param files the digest of each file beside this one; empty unless the state was saved
 */
record Progress(
    int format,
    long step,
    long tokensSeen,
    long updates,
    List<Long> skippedSteps,
    List<Long> spikes,
    List<Double> recentLosses,
    SortedMap<String, String> files,
    String digest) {
  static final Progress START =
      new Progress(Progress.FORMAT, 0, 0, 0, List.of(), List.of(), List.of(), new TreeMap<>(), "");

  private static final String FILE = "onset/progress.json";
  private static final int FORMAT = 2;
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
    spikes = List.copyOf(spikes);
    recentLosses = List.copyOf(recentLosses);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** After one more step. */
  Progress after(long tokens, double loss, boolean applied) {
    return new Progress(
        format,
        step + 1,
        tokensSeen + tokens,
        updates + (applied ? 1 : 0),
        applied ? skippedSteps : with(skippedSteps, step, Integer.MAX_VALUE),
        applied && LossSpikes.isSpike(loss, recentLosses)
            ? with(spikes, step, Integer.MAX_VALUE)
            : spikes,
        applied ? with(recentLosses, loss, LossSpikes.WINDOW) : recentLosses,
        new TreeMap<>(),
        "");
  }

  /** The last {@code most} of the list with {@code last} behind it. */
  private static <T> List<T> with(List<T> list, T last, int most) {
    List<T> longer = new ArrayList<>(list);
    longer.add(last);
    return longer.subList(Math.max(0, longer.size() - most), longer.size());
  }

  /** How many of the last steps, without a gap, were not applied. */
  int skippedInARow() {
    int count = 0;
    while (count < skippedSteps.size()
        && skippedSteps.get(skippedSteps.size() - 1 - count) == step - 1 - count) {
      count++;
    }
    return count;
  }

  /**
   * Takes the digests of all files that lie in {@code folder}, and writes them beside them with
   * this. Returns the digest of it all.
   */
  String write(Path folder) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        digests.put(name, Fingerprint.ofFile(file));
      }
    }
    Progress signed = with(digests, "").withDigest();
    Path file = folder.resolve(FILE);
    Files.createDirectories(file.resolveSibling(""));
    Files.write(file, JSON.writeValueAsBytes(signed));
    return signed.digest;
  }

  static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /** Reads the progress of {@code folder}, and compares every file with its digest. */
  static Progress verified(Path folder) {
    Path file = folder.resolve(FILE);
    @Nullable Progress progress;
    try {
      progress = JSON.readValue(Files.readAllBytes(file), Progress.class);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new BadInput(file + ": missing, so this is no saved training state");
    } catch (JacksonException e) {
      throw new BadInput(file + ": damaged: " + JsonProblem.of(e));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    if (progress == null || !progress.digest.equals(progress.withDigest().digest)) {
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
        """
        format %d
        step %d
        tokensSeen %d
        updates %d
        skippedSteps %s
        spikes %s
        recentLosses %s
        files %s
        """
            .formatted(
                format, step, tokensSeen, updates, skippedSteps, spikes, recentLosses, files);
    return with(files, Fingerprint.of(content));
  }

  private Progress with(SortedMap<String, String> digests, String ofAll) {
    return new Progress(
        format, step, tokensSeen, updates, skippedSteps, spikes, recentLosses, digests, ofAll);
  }
}
