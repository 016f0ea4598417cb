package org.onset.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    description = "Measures this machine: how fast it trains, decodes and builds corpora.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchTrainCommand.class,
      BenchDecodeCommand.class,
      BenchAnswersCommand.class,
      BenchDataCommand.class,
      BenchCorpusCommand.class
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "bench needs to be told what: train, decode, data or corpus");
  }
}
