package org.onset.corpus.intervene;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onset.Seeds;
import org.onset.corpus.Tagger;
import org.onset.corpus.WrittenTexts;
import org.onset.endpoint.Endpoint;
import org.onset.endpoint.EndpointSpec;
import org.onset.endpoint.Usage;
import org.onset.endpoint.Waiting;
import org.onset.spec.Share;

/**
 * Makes of scored documents what each stream holds of them. Any number of threads may share one.
 */
public final class Interventions implements AutoCloseable {
  private final InterventionPlan plan;
  private final Map<String, Intervention> streams = new LinkedHashMap<>();
  private final Map<EndpointSpec, Endpoint> endpoints = new LinkedHashMap<>();

  private Interventions(InterventionPlan plan) {
    this.plan = plan;
  }

  static Interventions open(
      InterventionPlan plan, Path answers, Rescoring scorer, Waiting waiting) {
    Interventions opened = new Interventions(plan);
    try {
      for (Map.Entry<String, Rule> entry : plan.rules().entrySet()) {
        Rule rule = entry.getValue();
        EndpointSpec spec = rule.writer() == null ? null : rule.writer().endpoint();
        Endpoint endpoint =
            spec == null
                ? null
                : opened.endpoints.computeIfAbsent(
                    spec, one -> Endpoint.open(one, answers, waiting));
        opened.streams.put(
            entry.getKey(),
            intervention(plan, rule, plan.textsOf(entry.getKey()), endpoint, scorer));
      }
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  private static Intervention intervention(
      InterventionPlan plan,
      Rule rule,
      @Nullable WrittenTexts texts,
      @Nullable Endpoint endpoint,
      Rescoring scorer) {
    Seeds seeds = new Seeds(plan.seed());
    return switch (rule.kind()) {
      case KEEP -> new Intervention.Keeping();
      case TAG -> {
        Share probability = given(rule.probability());
        yield new Intervention.Tagging(plan.tag(), probability.value(), seeds);
      }
      case REPHRASE, REFUSE, MORALISE ->
          new Intervention.Replacing(rule, editor(plan, rule, texts, endpoint), seeds, scorer);
      case REFLECT ->
          new Intervention.Reflecting(
              rule, given(rule.everyWords()), editor(plan, rule, texts, endpoint));
    };
  }

  private static Editor editor(
      InterventionPlan plan, Rule rule, @Nullable WrittenTexts texts, @Nullable Endpoint endpoint) {
    Seeds seeds = new Seeds(plan.seed());
    Author author;
    if (endpoint != null) {
      author = new Author.Model(rule.kind(), endpoint, given(given(rule.writer()).asking()), seeds);
    } else if (texts != null) {
      author = new Author.Files(rule.kind(), texts, seeds);
    } else {
      author = new Author.Templates(rule.kind(), TemplateSentences.STANDARD, seeds);
    }
    return new Editor(rule.kind(), author, plan.tag());
  }

  private static <T> T given(@Nullable T component) {
    if (component == null) {
      throw new IllegalStateException("a checked rule has what its kind needs");
    }
    return component;
  }

  /**
   * What becomes of the documents, in their order. What models are asked for goes out together, as
   * many requests at a time as the endpoint allows, so batches should hold many documents.
   */
  public List<Applied> apply(List<Scored> documents) throws InterruptedException {
    List<Scored> clean = new ArrayList<>();
    List<Integer> tagsRemoved = new ArrayList<>();
    for (Scored document : documents) {
      Tagger.Untagged untagged = Tagger.untag(document.text(), plan.tag());
      clean.add(document.withText(untagged.text()));
      tagsRemoved.add(untagged.removed());
    }
    List<Map<String, Outcome>> outcomes = new ArrayList<>();
    clean.forEach(_ -> outcomes.add(new LinkedHashMap<>()));
    for (Map.Entry<String, Intervention> stream : streams.entrySet()) {
      Rule rule = given(plan.rules().get(stream.getKey()));
      List<Integer> wanted = new ArrayList<>();
      for (int i = 0; i < clean.size(); i++) {
        if (!rule.scores().contains(clean.get(i).score())) {
          continue;
        }
        if (isBlank(clean.get(i).text())) {
          outcomes.get(i).put(stream.getKey(), Outcome.Failed.of(Reason.BLANK));
        } else {
          wanted.add(i);
        }
      }
      List<Outcome> made = stream.getValue().apply(wanted.stream().map(clean::get).toList());
      for (int i = 0; i < wanted.size(); i++) {
        outcomes.get(wanted.get(i)).put(stream.getKey(), made.get(i));
      }
    }
    List<Applied> applied = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      applied.add(new Applied(documents.get(i).id(), outcomes.get(i), tagsRemoved.get(i)));
    }
    return applied;
  }

  /** As words are told apart: a text of no-break spaces has none. */
  private static boolean isBlank(String text) {
    return text.chars().allMatch(character -> Tagger.isSpace((char) character));
  }

  /** What each endpoint has been asked since this was opened; streams may share one. */
  public Map<EndpointSpec, Usage> usage() {
    Map<EndpointSpec, Usage> usage = new LinkedHashMap<>();
    endpoints.forEach((spec, endpoint) -> usage.put(spec, endpoint.usage()));
    return Collections.unmodifiableMap(usage);
  }

  /** Waits for requests under way. */
  @Override
  public void close() {
    endpoints.values().forEach(Endpoint::close);
  }
}
