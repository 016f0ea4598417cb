package org.onset.cli;

import picocli.CommandLine.Command;

@Command(
    name = "data",
    description = "Builds a corpus for pretraining, and says what is in it.",
    mixinStandardHelpOptions = true,
    subcommands = {DataBuildCommand.class, DataCardCommand.class, DataAuditCommand.class})
final class DataCommand {}
