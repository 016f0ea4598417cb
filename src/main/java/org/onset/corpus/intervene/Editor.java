package org.onset.corpus.intervene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.onset.corpus.Tagger;
import org.onset.corpus.intervene.Author.Commission;
import org.onset.corpus.intervene.Author.Draft;
import org.onset.corpus.intervene.Outcome.Failed;

/** Has texts written, takes the tag out of them, and looks through those that aren't our own. */
record Editor(Rule.Kind kind, Author author, String tag) {

  /** What was written for one document. */
  sealed interface Edited {
    /** A text for each commission. */
    record Texts(List<String> texts, int tagsRemoved) implements Edited {}

    /** One of them could not be had, so there is none: nothing is half rewritten. */
    record Rejected(Failed failure) implements Edited {}
  }

  /** Our own sentences need no looking through: a test has done it. */
  boolean trusts() {
    return author instanceof Author.Templates;
  }

  /**
   * In the order of the documents, all of which are written for at once.
   *
   * @param ofDocuments what is to be written for each; nothing for one that is too long
   */
  List<Edited> write(List<List<Commission>> ofDocuments) throws InterruptedException {
    List<Draft> drafts = author.write(ofDocuments.stream().flatMap(List::stream).toList());
    List<Edited> edited = new ArrayList<>();
    int next = 0;
    for (List<Commission> commissions : ofDocuments) {
      int end = next + commissions.size();
      edited.add(
          commissions.isEmpty()
              ? new Edited.Rejected(Failed.of(Reason.TOO_LONG_TO_REWRITE))
              : edit(commissions, drafts.subList(next, end)));
      next = end;
    }
    return edited;
  }

  private Edited edit(List<Commission> commissions, List<Draft> drafts) {
    List<String> texts = new ArrayList<>();
    int tagsRemoved = 0;
    for (int i = 0; i < drafts.size(); i++) {
      switch (drafts.get(i)) {
        case Draft.Missing(Failed failure) -> {
          return new Edited.Rejected(failure);
        }
        case Draft.Written(String draft) -> {
          Tagger.Untagged clean = Tagger.untag(draft, tag);
          String text = clean.text().strip();
          Optional<Reason> problem =
              trusts()
                  ? Optional.empty()
                  : Validation.problem(kind, commissions.get(i).passage(), text);
          if (problem.isPresent()) {
            return new Edited.Rejected(Failed.of(problem.get()));
          }
          tagsRemoved += clean.removed();
          texts.add(text);
        }
      }
    }
    return new Edited.Texts(texts, tagsRemoved);
  }
}
