package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onset.corpus.Dialogue;
import org.onset.corpus.Document;
import org.onset.corpus.Question;
import org.onset.corpus.Request;
import org.onset.corpus.pipeline.KeptDocument;
import org.onset.corpus.pipeline.StreamTexts;
import org.onset.study.results.RunSummary.ScorerQuality;
import org.onset.world.ProbeText;

/**
 * What the corpus stage makes, the same for the built-in world and for files.
 *
 * <pre>
 * streams/NAME.jsonl.gz       pretraining texts that are not in the corpus
 * corpus/                     the corpus that was built of files
 * dialogues/NAME.jsonl.gz     sets for instruction tuning and benign finetuning
 * completions/FORM.jsonl.gz   unsafe plain texts for instruction tuning, FORM being tagged or untagged
 * held-out.jsonl.gz           safe texts for perplexity
 * requests.jsonl.gz, questions.jsonl.gz, probe-texts.jsonl.gz
 * card.json                   counts, and the quality of the safety scorer
 * </pre>
 */
record CorpusFolder(Path folder) {
  /** A text with its name. */
  record Text(String id, String text) {
    static List<Text> of(List<Document> documents) {
      return documents.stream().map(document -> new Text(document.id(), document.text())).toList();
    }
  }

  /**
   * {@code card.json}: documents by stream, what was left out, and the scorer on held-out
   * documents.
   */
  record Card(Map<String, Long> documents, Map<String, Long> leftOut, List<ScorerQuality> scorer) {}

  /**
   * Everything that is to be written.
   *
   * @param inCorpus stream → how many documents of it lie in {@link #corpus()}
   * @param streams the others
   */
  record Content(
      Map<String, Long> inCorpus,
      Map<String, List<Text>> streams,
      Map<String, List<Dialogue>> dialogues,
      Map<String, List<Text>> completions,
      List<Text> heldOut,
      List<Request> requests,
      List<Question> questions,
      List<ProbeText> probeTexts,
      Map<String, Long> leftOut,
      List<ScorerQuality> scorer) {}

  void write(Content content) throws IOException {
    Map<String, Long> documents = new LinkedHashMap<>(content.inCorpus());
    for (Map.Entry<String, List<Text>> stream : content.streams().entrySet()) {
      JsonLines.write(stream(stream.getKey()), stream.getValue());
      documents.put(stream.getKey(), (long) stream.getValue().size());
    }
    for (Map.Entry<String, List<Dialogue>> set : content.dialogues().entrySet()) {
      JsonLines.write(dialogueSet(set.getKey()), set.getValue());
    }
    for (Map.Entry<String, List<Text>> form : content.completions().entrySet()) {
      JsonLines.write(completionForm(form.getKey()), form.getValue());
    }
    JsonLines.write(folder.resolve("held-out.jsonl.gz"), content.heldOut());
    JsonLines.write(folder.resolve("requests.jsonl.gz"), content.requests());
    JsonLines.write(folder.resolve("questions.jsonl.gz"), content.questions());
    JsonLines.write(folder.resolve("probe-texts.jsonl.gz"), content.probeTexts());
    JsonLines.writeJson(cardFile(), new Card(documents, content.leftOut(), content.scorer()));
  }

  /** Hands on the pretraining texts of a stream. */
  void readStream(String name, StreamTexts.Taker taker) throws IOException {
    if (Files.exists(stream(name))) {
      for (Text text : JsonLines.read(stream(name), Text.class)) {
        taker.take(KeptDocument.of(text.id(), text.text()));
      }
    } else {
      StreamTexts.read(corpus(), name, taker);
    }
  }

  List<Dialogue> readDialogues(String set) throws IOException {
    return JsonLines.read(dialogueSet(set), Dialogue.class);
  }

  List<Text> readCompletions(String form) throws IOException {
    return JsonLines.read(completionForm(form), Text.class);
  }

  List<Text> readHeldOut() throws IOException {
    return JsonLines.read(folder.resolve("held-out.jsonl.gz"), Text.class);
  }

  List<Request> readRequests() throws IOException {
    return JsonLines.read(folder.resolve("requests.jsonl.gz"), Request.class);
  }

  List<Question> readQuestions() throws IOException {
    return JsonLines.read(folder.resolve("questions.jsonl.gz"), Question.class);
  }

  List<ProbeText> readProbeTexts() throws IOException {
    return JsonLines.read(folder.resolve("probe-texts.jsonl.gz"), ProbeText.class);
  }

  Card readCard() throws IOException {
    return JsonLines.readJson(cardFile(), Card.class);
  }

  /** Where the corpus lies that was built of files; a world has none. */
  Path corpus() {
    return folder.resolve("corpus");
  }

  Path cardFile() {
    return folder.resolve("card.json");
  }

  private Path stream(String name) {
    return folder.resolve("streams").resolve(name + ".jsonl.gz");
  }

  private Path dialogueSet(String name) {
    return folder.resolve("dialogues").resolve(name + ".jsonl.gz");
  }

  private Path completionForm(String form) {
    return folder.resolve("completions").resolve(form + ".jsonl.gz");
  }
}
