package org.onset.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model that a command is about, and what it computes in. */
final class ModelArguments {
  @Parameters(paramLabel = "MODEL", description = "A model's folder in Hugging Face's layout.")
  Path folder = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "NAME",
      description =
          "What products are computed in: float32 (default) or bfloat16, of two to three digits and"
              + " faster where the processor multiplies it.")
  String dtype = "float32";
}
