package org.onset.corpus.intervene;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.onset.Seeds;
import org.onset.corpus.WrittenTexts;
import org.onset.endpoint.Answer;
import org.onset.endpoint.ChatRequest;
import org.onset.endpoint.Endpoint;

/** Finds words for a stream. */
sealed interface Author {
  /**
   * What is to be written.
   *
   * @param part which of several texts for one document, from 0
   * @param passage what of the document it is about
   */
  record Commission(Scored document, int part, String passage) {
    static List<Commission> each(Scored document, List<String> passages) {
      return IntStream.range(0, passages.size())
          .mapToObj(part -> new Commission(document, part, passages.get(part)))
          .toList();
    }
  }

  /** What came of it. */
  sealed interface Draft {
    record Written(String text) implements Draft {}

    record Missing(Outcome.Failed failure) implements Draft {}
  }

  /** In the order of the commissions, of which one document's stand together. */
  List<Draft> write(List<Commission> commissions) throws InterruptedException;

  /** Our own sentences. */
  record Templates(Rule.Kind kind, TemplateSentences sentences, Seeds seeds) implements Author {
    @Override
    public List<Draft> write(List<Commission> commissions) {
      List<Draft> drafts = new ArrayList<>();
      String before = "";
      for (Commission commission : commissions) {
        Scored document = commission.document;
        HarmTopic harm = HarmTopic.of(document.category());
        String purpose =
            commission.part == 0 ? document.id() : document.id() + "/" + commission.part;
        Draw draw = new Draw(seeds, kind, purpose);
        String text =
            switch (kind) {
              case REFUSE -> sentences.refusal(harm, draw);
              case MORALISE -> sentences.moral(harm, draw);
              case REFLECT -> sentences.reflection(harm, draw, commission.part == 0 ? "" : before);
              case KEEP, TAG, REPHRASE ->
                  throw new IllegalStateException("templates have nothing to " + kind);
            };
        drafts.add(new Draft.Written(text));
        before = text;
      }
      return drafts;
    }
  }

  /** What the user wrote. */
  record Files(Rule.Kind kind, WrittenTexts texts, Seeds seeds) implements Author {
    @Override
    public List<Draft> write(List<Commission> commissions) {
      List<Draft> drafts = new ArrayList<>();
      for (Commission commission : commissions) {
        String id = commission.document.id();
        List<String> choices = texts.of(id);
        if (choices.isEmpty()) {
          drafts.add(new Draft.Missing(Outcome.Failed.of(Reason.NOT_IN_FILES)));
        } else {
          int first = new Draw(seeds, kind, id).below(choices.size());
          drafts.add(new Draft.Written(choices.get((first + commission.part) % choices.size())));
        }
      }
      return drafts;
    }
  }

  /** A language model. */
  record Model(Rule.Kind kind, Endpoint endpoint, Asking asking, Seeds seeds) implements Author {
    @Override
    public List<Draft> write(List<Commission> commissions) throws InterruptedException {
      List<ChatRequest> requests = commissions.stream().map(this::request).toList();
      return endpoint.askAll(requests).stream().map(Model::draft).toList();
    }

    boolean isTooLong(String text) {
      return text.codePointCount(0, text.length()) > asking.maxCharacters();
    }

    /** What of a passage fits into a request, its end. */
    String lastPart(String passage) {
      return Breaks.parts(passage, asking.partCharacters()).getLast();
    }

    private ChatRequest request(Commission commission) {
      Scored document = commission.document;
      Prompt prompt = Prompt.of(kind);
      Map<String, String> values = new TreeMap<>();
      values.put("text", commission.passage);
      values.put("category", document.category().orElse("something harmful"));
      if (!prompt.styles().isEmpty()) {
        values.put("style", new Draw(seeds, kind, document.id()).any(prompt.styleTexts()));
      }
      return new ChatRequest(
          prompt.messages(values),
          asking.maxTokens(),
          asking.temperature(),
          requestSeed(seeds, kind + "/" + document.id() + "/" + commission.part));
    }

    private static Draft draft(Answer answer) {
      return switch (answer) {
        case Answer.Complete complete -> new Draft.Written(complete.text());
        case Answer.Failed(Answer.Reason reason, String detail) ->
            new Draft.Missing(new Outcome.Failed(Reason.of(reason), detail));
      };
    }

    /** Servers differ in what they take for a seed; this fits all, not negative and of 31 bits. */
    static long requestSeed(Seeds seeds, String purpose) {
      return seeds.seed(purpose) >>> 33;
    }
  }
}
