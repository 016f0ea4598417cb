package org.onset.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.onset.hub.Hub;
import org.onset.model.StoredDtype;
import picocli.CommandLine.Option;

/** Where a model is written, and how. */
final class CarryOptions {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L,
          "B", 1L,
          "KB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "KIB", 1L << 10,
          "MIB", 1L << 20,
          "GIB", 1L << 30);

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "The new folder; must not exist.")
  Path out = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "DTYPE",
      description =
          "float32, float16 or bfloat16. Default: as the weights are stored; float32 for a GGUF file.")
  private @Nullable String dtype;

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      description =
          "Write several files of at most so many bytes (500MB, 2GiB). Default: one file.")
  private @Nullable String shardSize;

  Hub.Form form(List<String> problems) {
    return new Hub.Form(
        Optional.ofNullable(dtype).flatMap(name -> dtype(name, problems)),
        shardSize == null ? Long.MAX_VALUE : bytes(shardSize, problems));
  }

  private static Optional<StoredDtype> dtype(String name, List<String> problems) {
    Optional<StoredDtype> found =
        Arrays.stream(StoredDtype.values()).filter(d -> d.label().equals(name)).findFirst();
    if (found.isEmpty()) {
      problems.add(
          "--dtype: must be one of %s, was '%s'"
              .formatted(
                  Arrays.stream(StoredDtype.values())
                      .map(StoredDtype::label)
                      .collect(Collectors.joining(", ")),
                  name));
    }
    return found;
  }

  private static long bytes(String size, List<String> problems) {
    Matcher matcher = SIZE.matcher(size.strip());
    Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toUpperCase(Locale.ROOT)) : null;
    if (unit == null || Long.parseLong(matcher.group(1)) == 0) {
      problems.add("--shard-size: must be a size such as 500MB or 2GiB, was '%s'".formatted(size));
      return Long.MAX_VALUE;
    }
    long count = Long.parseLong(matcher.group(1));
    return count > Long.MAX_VALUE / unit ? Long.MAX_VALUE : count * unit;
  }

  static String told(Hub.Carried carried, Path out) {
    String trained =
        carried.trainedTokens().isPresent()
            ? ", trained on %d tokens".formatted(carried.trainedTokens().getAsLong())
            : "";
    return String.format(
        Locale.ROOT,
        "%s: %,d parameters, %s%s",
        out,
        carried.spec().parameterCount(),
        carried.dtype().label(),
        trained);
  }
}
