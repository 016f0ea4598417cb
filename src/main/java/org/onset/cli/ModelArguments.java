package org.onset.cli;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The model that a command is about. */
final class ModelArguments {
  @Parameters(paramLabel = "MODEL", description = "A model's folder in Hugging Face's layout.")
  Path folder = Path.of("");
}
