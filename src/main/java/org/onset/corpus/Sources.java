package org.onset.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.onset.BadInput;
import org.onset.corpus.Reading.At;

/**
 * Reads what the user's files hold. Each method reads all files given before it complains, and then
 * of everything at once ({@link BadInput}): missing files, damaged lines, missing columns with
 * those that are there, empty texts, missing and repeated ids, filters that nothing passes.
 */
public final class Sources {
  private Sources() {}

  /**
   * Looks at the beginning of each file only: does it exist, can it be read, has its first row the
   * columns wanted? What {@code plan} and the start of a run call, for all sources of a study.
   */
  public static void check(Collection<? extends Source> sources) {
    Complaints complaints = new Complaints();
    for (Source source : sources) {
      Path file = source.path();
      List<Row> first = new ArrayList<>();
      int before = complaints.count();
      Records.read(
          file,
          source.columns(),
          complaints,
          row -> {
            first.add(row);
            return false;
          });
      if (first.isEmpty() && complaints.count() == before) {
        complaints.add(file, "holds nothing");
      }
      for (Row row : first) {
        for (String column : source.columns()) {
          if (!row.values().containsKey(column)) {
            complaints.add(file, row.line(), Reading.lacks(column, row));
          }
        }
      }
    }
    complaints.throwIfAny();
  }

  /** Ids begin with the suite and are unique over all sources. */
  public static List<Request> requests(List<RequestSource> sources) {
    Reading reading = new Reading();
    List<Request> all = new ArrayList<>();
    for (RequestSource source : sources) {
      all.addAll(reading.items(source, Request::id, row -> request(reading, source, row)));
    }
    reading.complaints.throwIfAny();
    return List.copyOf(all);
  }

  /** Ids begin with the kind and are unique over all sources. */
  public static List<Dialogue> dialogues(List<DialogueSource> sources) {
    Reading reading = new Reading();
    List<Dialogue> all = new ArrayList<>();
    for (DialogueSource source : sources) {
      all.addAll(reading.items(source, Dialogue::id, row -> dialogue(reading, source, row)));
    }
    reading.complaints.throwIfAny();
    return List.copyOf(all);
  }

  /** Scored texts; ids begin with the file's name and are unique over all sources. */
  public static List<Document> labelled(List<LabelledSource> sources) {
    Reading reading = new Reading();
    List<Document> all = new ArrayList<>();
    for (LabelledSource source : sources) {
      Set<String> labels = new TreeSet<>();
      all.addAll(
          reading.items(source, Document::id, row -> labelled(reading, source, row, labels)));
      for (String label : source.scores().keySet()) {
        if (!labels.isEmpty() && !labels.contains(label)) {
          reading.complaints.add(
              source.path(),
              "no row has the label `%s`; `%s` holds %s"
                  .formatted(label, source.labelColumn(), Reading.shown(labels)));
        }
      }
    }
    reading.complaints.throwIfAny();
    return List.copyOf(all);
  }

  private static Optional<Request> request(Reading reading, RequestSource source, At row) {
    Optional<String> id = reading.id(row, source.suite(), source.idColumn());
    Optional<String> prompt = reading.text(row, source.promptColumn());
    Optional<String> completion =
        source.completionColumn().isPresent()
            ? reading.text(row, source.completionColumn().get())
            : prompt.map(text -> Dialogue.opening("User", "Assistant", text));
    if (id.isEmpty() || prompt.isEmpty() || completion.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Request(
            id.get(),
            source.suite(),
            "direct",
            "",
            source.categoryColumn().map(row::value).orElse(""),
            source.harmful(),
            prompt.get(),
            completion.get()));
  }

  private static Optional<Dialogue> dialogue(Reading reading, DialogueSource source, At row) {
    Optional<String> id = reading.id(row, source.kind(), source.idColumn());
    Optional<String> user = reading.text(row, source.userColumn());
    Optional<String> assistant = reading.text(row, source.assistantColumn());
    if (id.isEmpty() || user.isEmpty() || assistant.isEmpty()) {
      return Optional.empty();
    }
    String input = source.inputColumn().map(row::value).orElse("");
    String words = input.isBlank() ? user.get() : user.get() + "\n\n" + input;
    return Optional.of(new Dialogue(id.get(), source.kind(), words, assistant.get()));
  }

  private static Optional<Document> labelled(
      Reading reading, LabelledSource source, At row, Set<String> labels) {
    String name = Records.stem(row.file());
    Optional<String> id = reading.id(row, name, source.idColumn());
    Optional<String> text = reading.text(row, source.textColumn());
    Optional<String> label = reading.text(row, source.labelColumn());
    label.ifPresent(labels::add);
    if (id.isEmpty() || text.isEmpty() || label.isEmpty()) {
      return Optional.empty();
    }
    int score = source.scores().getOrDefault(label.get(), 0);
    return Optional.of(new Document(id.get(), text.get(), name, OptionalInt.of(score), label));
  }
}
