package org.onset.corpus.intervene;

import java.io.Serializable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.Problems;
import org.onset.corpus.WrittenTexts;
import org.onset.endpoint.EndpointSpec;
import org.onset.endpoint.Waiting;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rules that were checked, with the texts of the files they name: all that is needed to intervene
 * but the models. It may be sent to wherever documents are.
 */
public final class InterventionPlan implements Serializable {
  private static final long serialVersionUID = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Raised whenever our code makes something else of the same plan. */
  private static final int VERSION = 1;

  private final LinkedHashMap<String, Rule> rules;
  private final TreeMap<String, WrittenTexts> texts = new TreeMap<>();
  private final String tag;
  private final long seed;

  private InterventionPlan(Map<String, Rule> rules, String tag, long seed) {
    this.rules = new LinkedHashMap<>(rules);
    this.tag = tag;
    this.seed = seed;
  }

  /**
   * Checks the rules and reads their files.
   *
   * @param rules stream → rule; their order is that of the streams of a document
   * @param tag the tag's literal
   * @param seed whatever is chosen follows from it and a document's id; the tags stand where {@link
   *     org.onset.corpus.Streams} puts them with the same seed
   * @throws BadInput when rules have problems, or files can't be read
   */
  public static InterventionPlan of(Map<String, Rule> rules, String tag, long seed) {
    Problems problems = new Problems();
    Rule.check(rules, problems);
    List<String> found = new ArrayList<>();
    problems
        .found()
        .forEach(
            problem ->
                found.add("interventions: %s: %s".formatted(problem.field(), problem.message())));
    if (!found.isEmpty()) {
      throw new BadInput(found);
    }
    InterventionPlan plan = new InterventionPlan(rules, tag, seed);
    rules.forEach(
        (stream, rule) -> {
          List<String> files = rule.writer() == null ? null : rule.writer().files();
          if (files != null) {
            try {
              plan.texts.put(
                  stream, WrittenTexts.read(files.stream().map(InterventionPlan::path).toList()));
            } catch (BadInput e) {
              found.addAll(e.problems());
            }
          }
        });
    if (!found.isEmpty()) {
      throw new BadInput(found);
    }
    return plan;
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new BadInput(file + ": is no path: " + e.getReason());
    }
  }

  /** In the order given. */
  public Map<String, Rule> rules() {
    return Collections.unmodifiableMap(rules);
  }

  /** Whether opening this asks a model, and so needs a folder for its answers. */
  public boolean asksModels() {
    return rules.values().stream()
        .anyMatch(rule -> rule.writer() != null && rule.writer().endpoint() != null);
  }

  /**
   * SHA-256 of everything here that determines the outcomes of one stream, but for its name: the
   * rule, the seed, the tag, and the content of templates, prompts and files. Of an endpoint it is
   * the model's name that counts, not where it is, how hard it is asked, and for what budget. What
   * isn't here doesn't count either: the documents with their scores, and the scorer.
   */
  public String fingerprint(String stream) {
    Rule rule = rules.get(stream);
    if (rule == null) {
      throw new IllegalArgumentException("no stream " + stream + "; there are " + rules.keySet());
    }
    ObjectNode content = JSON.createObjectNode();
    content.put("version", VERSION).put("tag", tag).put("seed", seed);
    content.put("kind", rule.kind().toString());
    rule.scores().stream().sorted().forEach(content.withArray("scores")::add);
    if (rule.probability() != null) {
      content.put("probability", rule.probability().value());
    }
    if (rule.everyWords() != null) {
      content.put("everyWords", rule.everyWords());
    }
    if (rule.lossOn() != null) {
      content.put("lossOn", rule.lossOn().toString());
    }
    if (rule.lengths() != null) {
      content.set("lengths", JSON.valueToTree(rule.lengths()));
    }
    if (rule.writer() != null) {
      describe(rule.kind(), rule.writer(), texts.get(stream), content.putObject("writer"));
    }
    return Fingerprint.of(JSON.writeValueAsBytes(content));
  }

  private static void describe(
      Rule.Kind kind, Writer writer, @Nullable WrittenTexts texts, ObjectNode content) {
    EndpointSpec endpoint = writer.endpoint();
    if (writer.templates() != null) {
      content.put("templates", TemplateSentences.fingerprint());
    }
    if (texts != null) {
      content.put("files", texts.fingerprint());
    }
    if (endpoint != null) {
      content.put("model", endpoint.model()).put("prompt", Prompt.of(kind).fingerprint());
      content.put("names", TemplateSentences.fingerprint());
      content.set("asking", JSON.valueToTree(writer.asking()));
    }
  }

  /** Of all streams, with their names. */
  public String fingerprint() {
    ObjectNode content = JSON.createObjectNode();
    rules.keySet().forEach(stream -> content.put(stream, fingerprint(stream)));
    return Fingerprint.of(JSON.writeValueAsBytes(content));
  }

  /**
   * Makes ready to intervene. One is enough for all threads of a process, and only then does {@link
   * EndpointSpec#maxParallel} hold for the process.
   *
   * @param answers where the answers of models are kept, and what they cost is counted; made if
   *     need be, and not touched when no model is asked
   * @param scorer asked of rephrased texts
   * @throws BadInput when an endpoint's key is missing, or the folder can't be used
   */
  public Interventions open(Path answers, Rescoring scorer) {
    return open(answers, scorer, Waiting.real());
  }

  /** The same with another clock between attempts. */
  public Interventions open(Path answers, Rescoring scorer, Waiting waiting) {
    return Interventions.open(this, answers, scorer, waiting);
  }

  String tag() {
    return tag;
  }

  long seed() {
    return seed;
  }

  @Nullable WrittenTexts textsOf(String stream) {
    return texts.get(stream);
  }
}
