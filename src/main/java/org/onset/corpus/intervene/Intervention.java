package org.onset.corpus.intervene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.onset.Seeds;
import org.onset.corpus.Tagger;
import org.onset.corpus.intervene.Author.Commission;
import org.onset.corpus.intervene.Editor.Edited;
import org.onset.corpus.intervene.Outcome.Failed;
import org.onset.corpus.intervene.Outcome.Made;

/** What one stream makes of documents that hold no tag, and aren't blank. */
sealed interface Intervention {
  /** In the order of the documents. */
  List<Outcome> apply(List<Scored> documents) throws InterruptedException;

  /** The documents as they are. */
  record Keeping() implements Intervention {
    @Override
    public List<Outcome> apply(List<Scored> documents) {
      return documents.stream().<Outcome>map(document -> Made.of(document.text(), 0)).toList();
    }
  }

  /** The documents with tags, which stand where {@link org.onset.corpus.Streams} puts them. */
  record Tagging(String tag, double probability, Seeds seeds) implements Intervention {
    @Override
    public List<Outcome> apply(List<Scored> documents) {
      return documents.stream()
          .<Outcome>map(
              document ->
                  Made.of(
                      Tagger.tag(
                          document.text(),
                          tag,
                          probability,
                          seeds.generator("tag/" + document.id())),
                      0))
          .toList();
    }
  }

  /** Other texts in the documents' place. */
  record Replacing(Rule rule, Editor editor, Seeds seeds, Rescoring scorer)
      implements Intervention {
    private static final String BETWEEN_PARTS = "\n\n";

    @Override
    public List<Outcome> apply(List<Scored> documents) throws InterruptedException {
      List<Edited> edited = editor.write(documents.stream().map(this::commissions).toList());
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < documents.size(); i++) {
        outcomes.add(
            switch (edited.get(i)) {
              case Edited.Rejected(Failed failure) -> failure;
              case Edited.Texts(List<String> texts, int tagsRemoved) ->
                  whole(documents.get(i), String.join(BETWEEN_PARTS, texts), tagsRemoved);
            });
      }
      if (!editor.trusts() && rule.kind() == Rule.Kind.REPHRASE) {
        failWhatIsNoSafer(documents, outcomes);
      }
      return outcomes;
    }

    private void failWhatIsNoSafer(List<Scored> documents, List<Outcome> outcomes) {
      List<Integer> places = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < outcomes.size(); i++) {
        if (outcomes.get(i) instanceof Made made) {
          places.add(i);
          texts.add(made.text());
        }
      }
      List<Integer> scores = scorer.scores(texts);
      for (int i = 0; i < places.size(); i++) {
        if (scores.get(i) >= documents.get(places.get(i)).score()) {
          outcomes.set(places.get(i), Failed.of(Reason.SCORES_NO_LOWER));
        }
      }
    }

    private List<Commission> commissions(Scored document) {
      String text = document.text();
      List<String> passages =
          switch (editor.author()) {
            case Author.Templates _, Author.Files _ -> List.of(text);
            case Author.Model model -> {
              boolean all = rule.kind() == Rule.Kind.REPHRASE;
              if (all && model.isTooLong(text)) {
                yield List.of();
              }
              List<String> parts = Breaks.parts(text, model.asking().partCharacters());
              yield all ? parts : parts.subList(0, 1);
            }
          };
      return Commission.each(document, passages);
    }

    private Outcome whole(Scored document, String text, int tagsRemoved) {
      if (!editor.trusts()) {
        Optional<Reason> length = Validation.length(rule.lengths(), document.text(), text);
        if (length.isPresent()) {
          return Failed.of(length.get());
        }
      }
      return Made.of(named(document, text), tagsRemoved);
    }

    /** A model is told to call the speakers User and Assistant; we vary that, as templates do. */
    private String named(Scored document, String text) {
      if (rule.kind() != Rule.Kind.REFUSE || !(editor.author() instanceof Author.Model)) {
        return text;
      }
      TemplateSentences.Speakers speakers =
          TemplateSentences.STANDARD.speakers(new Draw(seeds, rule.kind(), document.id()));
      return Exchange.parse(text)
          .map(exchange -> exchange.named(speakers.asker(), speakers.answerer()).text())
          .orElse(text);
    }
  }

  /** The documents with remarks in between. */
  record Reflecting(Rule rule, int everyWords, Editor editor) implements Intervention {
    @Override
    public List<Outcome> apply(List<Scored> documents) throws InterruptedException {
      List<Reflections> places =
          documents.stream().map(one -> Reflections.in(one.text(), everyWords)).toList();
      List<List<Commission>> commissions = new ArrayList<>();
      for (int i = 0; i < documents.size(); i++) {
        commissions.add(commissions(documents.get(i), places.get(i)));
      }
      List<Edited> edited = editor.write(commissions);
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < documents.size(); i++) {
        outcomes.add(
            switch (edited.get(i)) {
              case Edited.Rejected(Failed failure) -> failure;
              case Edited.Texts(List<String> remarks, int tagsRemoved) ->
                  whole(places.get(i), remarks, tagsRemoved);
            });
      }
      return outcomes;
    }

    private List<Commission> commissions(Scored document, Reflections places) {
      List<String> passages =
          switch (editor.author()) {
            case Author.Templates _, Author.Files _ -> places.passages();
            case Author.Model model ->
                model.isTooLong(document.text())
                    ? List.of()
                    : places.passages().stream().map(model::lastPart).toList();
          };
      return Commission.each(document, passages);
    }

    private Outcome whole(Reflections places, List<String> remarks, int tagsRemoved) {
      if (!editor.trusts()) {
        List<String> passages = places.passages();
        for (int i = 0; i < remarks.size(); i++) {
          Optional<Reason> length =
              Validation.length(rule.lengths(), passages.get(i), remarks.get(i));
          if (length.isPresent()) {
            return Failed.of(length.get());
          }
        }
      }
      return places.with(remarks, tagsRemoved);
    }
  }
}
