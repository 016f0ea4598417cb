package org.onset.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.onset.BadInput;
import org.onset.hub.Hub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = "Writes a model of a run as a folder that Hugging Face's libraries load.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "The model's folder.")
  private Path model = Path.of("");

  @Mixin private CarryOptions options = new CarryOptions();

  @Override
  public Integer call() {
    List<String> problems = new ArrayList<>();
    Hub.Form form = options.form(problems);
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    Hub.Carried carried = Hub.folder(model, options.out, form, OptionalLong.empty());
    System.out.println(CarryOptions.told(carried, options.out));
    return 0;
  }
}
