package org.onset.study.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.onset.BadInput;

/** A study file under test: a small sound one, with changes. */
public record Draft(String text) {
  private static final String SMALL =
      """
      name: small
      seeds: [11, 12]

      data:
        world: {seed: 1, goods: 12, hazards: 12, imbalance: 1.5, safeTokens: 4_000, unsafeTokens: 3_000, dialogues: 60}

      model:
        modelDim: 32
        layerCount: 2
        headCount: 4
        kvHeadCount: 2
        feedForwardDim: 64

      pretraining:
        tokenBudget: 12_800
        contextLength: 64
        sequencesPerStep: 4
        learningRate:
          warmupStableDecay: {peak: 6.0e-3, warmup: 5%, decay: 30%, floor: 3%}

      mixtures:
        safe-only: {safe: 100%}
        with-interventions: {safe: 57%, tagged: 20%, rephrased: 8%, refusal: 10%, moral: 5%}
        as-found: {safe: 72%, unsafe: 28%}

      arms:
        early: {before: safe-only, after: with-interventions, onset: 20%, tagCompletions: tagged}
        late: {before: safe-only, after: with-interventions, onset: 60%, tagCompletions: tagged}
        raw: {mixture: as-found}

      instruction:
        everyday: goods
        tuning:
          mixture: {goods: 75%, refusal: 10%, arithmetic: 15%}
          steps: 20
          contextLength: 64
          sequencesPerStep: 8
          learningRate:
            cosine: {peak: 2.0e-3, warmup: 0%, floor: 10%}

      benign:
        arithmetic:
          mixture: {benign-arithmetic: 100%}
          steps: 10
          contextLength: 64
          sequencesPerStep: 8
          learningRate:
            constant: {peak: 1.2e-3, warmup: 0%}

      evaluation:
        decoders:
          topk: {k: 10, temperature: 1.0, samples: 2}
          safebeam-threshold: {beams: 4, extensions: 4, threshold: 0.005, stopOnTag: false}

      primaryContrasts:
        - {arm: early, baseline: late, stage: benign, task: arithmetic, suite: harmful, decoder: topk, metric: asr}
      """;

  /** A study of the built-in world with three arms. */
  public static Draft small() {
    return new Draft(SMALL);
  }

  /** A study whose arms all are folders, which aren't there. */
  static Draft ofFolders() {
    String data = SMALL.substring(0, SMALL.indexOf("\nmodel:"));
    String tuning = SMALL.substring(SMALL.indexOf("\ninstruction:"));
    String arms =
        """

        arms:
          early: {model: models/a}
          late: {model: models/b, trainedTokens: 5}
        """;
    return new Draft(data + arms + tuning).with("  decoders:", "  contextLength: 64\n  decoders:");
  }

  /** The first occurrence of {@code old}, which must be there, replaced. */
  public Draft with(String old, String replacement) {
    int at = text.indexOf(old);
    if (at < 0) {
      throw new IllegalArgumentException("the draft doesn't hold '" + old + "'");
    }
    return new Draft(text.substring(0, at) + replacement + text.substring(at + old.length()));
  }

  /** One arm more, {@code line} being {@code name: {…}}. */
  public Draft withArm(String line) {
    return with("\n\ninstruction:", "\n  " + line + "\n\ninstruction:");
  }

  /** The draft with a line before the first that begins with {@code key}. */
  public Draft before(String key, String line) {
    return with("\n" + key, "\n" + line + "\n" + key);
  }

  public StudyFile read() {
    return read(Map.of());
  }

  StudyFile read(Map<String, String> environment) {
    try {
      Path folder = Files.createTempDirectory("draft");
      try {
        Path file = Files.writeString(folder.resolve("study.yaml"), text);
        return StudyFile.read(file, environment::get);
      } finally {
        Files.delete(folder.resolve("study.yaml"));
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public StudySpec spec() {
    return read().spec();
  }

  /** What is said of it, each as {@code LINE: FIELD: MESSAGE}; nothing if it is sound. */
  List<String> problems() {
    try {
      read();
      return List.of();
    } catch (BadInput e) {
      return e.problems().stream()
          .map(problem -> problem.replaceFirst("^.*?/study\\.yaml:", ""))
          .toList();
    }
  }

  /** {@code message} with the number of the line that holds {@code words} before it. */
  String at(String words, String message) {
    int place = text.indexOf(words);
    if (place < 0) {
      throw new IllegalArgumentException("the draft doesn't hold '" + words + "'");
    }
    return 1 + text.substring(0, place).chars().filter(c -> c == '\n').count() + ": " + message;
  }
}
