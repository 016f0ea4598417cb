package org.onset.cli;

import picocli.CommandLine.Command;

@Command(
    name = "tokenizer",
    description = "Makes tokenizers.",
    mixinStandardHelpOptions = true,
    subcommands = {TokenizerTrainCommand.class})
final class TokenizerCommand {}
