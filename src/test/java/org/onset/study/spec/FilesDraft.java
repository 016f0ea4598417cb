package org.onset.study.spec;

/** The draft of a study on files. */
final class FilesDraft {
  private static final String DATA =
      """
      data:
        files:
          corpus:
            documents:
              stories: {files: ["${DATA}/documents.jsonl"]}
            cleaning: {quality: off, contamination: off}
            scoring:
              labelled:
                - {path: labelled.csv, textColumn: text, labelColumn: label, scores: {unsafe: 3}}
            heldOut: 3%
            interventions: {rephrased: off}
          dialogues:
            - {path: "chat.jsonl", kind: everyday, userColumn: question, assistantColumn: answer}
            - {path: refusals.jsonl, kind: refusals, userColumn: question, assistantColumn: answer}
          streams: {refusal: [refusals]}
          requests:
            - {path: "../requests: hard.csv", suite: hard, harmful: true, promptColumn: goal}
            - {path: easy.csv, suite: easy, harmful: false, promptColumn: goal, where: {column: label, value: safe}}
          probes: []

      tokenizer: {kind: byte-pairs, vocabSize: 300}
      """;

  private FilesDraft() {}

  static Draft small() {
    String text = Draft.small().text();
    String world = text.substring(text.indexOf("data:"), text.indexOf("\nmodel:"));
    return Draft.small()
        .with(world, DATA)
        .with(
            "{safe: 57%, tagged: 20%, rephrased: 8%, refusal: 10%, moral: 5%}",
            "{safe: 80%, tagged: 10%, refusal: 10%}")
        .with("everyday: goods", "everyday: everyday")
        .with("{goods: 75%, refusal: 10%, arithmetic: 15%}", "{everyday: 90%, refusals: 10%}")
        .with("{benign-arithmetic: 100%}", "{everyday: 100%}")
        .with("suite: harmful", "suite: hard");
  }
}
