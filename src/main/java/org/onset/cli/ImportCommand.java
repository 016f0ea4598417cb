package org.onset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.hub.Hub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = "Checks a model that others trained and writes it as a folder for Onset.",
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FOLDER|FILE.gguf",
      description = "A folder in Hugging Face's layout, or a file in llama.cpp's.")
  private Path source = Path.of("");

  @Mixin private CarryOptions options = new CarryOptions();

  @Option(
      names = "--trained-tokens",
      paramLabel = "COUNT",
      description =
          "On how many tokens the model was trained, for a checkpoint of a longer run. Default: as"
              + " the folder says, if it does.")
  private @Nullable Long trainedTokens;

  @Override
  public Integer call() {
    List<String> problems = new ArrayList<>();
    Hub.Form form = options.form(problems);
    if (trainedTokens != null && trainedTokens < 1) {
      problems.add("--trained-tokens: must be above 0, was " + trainedTokens);
    }
    if (!Files.exists(source)) {
      problems.add(source + ": there is no such folder or file");
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    OptionalLong trained =
        trainedTokens == null ? OptionalLong.empty() : OptionalLong.of(trainedTokens);
    Hub.Carried carried =
        Files.isDirectory(source)
            ? Hub.folder(source, options.out, form, trained)
            : Hub.gguf(source, options.out, form, trained);
    System.out.println(CarryOptions.told(carried, options.out));
    return 0;
  }
}
