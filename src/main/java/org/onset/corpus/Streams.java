package org.onset.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.onset.Seeds;

/**
 * The documents of each stream, and what was counted on the way. All names of {@link #NAMES} are
 * there, in that order; each stream keeps the order of the documents routed.
 *
 * @param tagsRemoved literal tags taken out of source texts and of rewritten ones
 * @param declined stream → documents for which the rewriter gave nothing
 * @param blank documents in no stream, since nothing but tags stood in them
 */
public record Streams(
    Map<String, List<Document>> documents,
    int tagsRemoved,
    Map<String, Integer> declined,
    int blank) {

  public static final String SAFE = "safe";
  public static final String UNSAFE = "unsafe";
  public static final String TAGGED = "tagged";
  public static final String REPHRASED = "rephrased";
  public static final String REFUSAL = "refusal";
  public static final String MORAL = "moral";

  /** Documents that are in no other stream, to measure perplexity on. */
  public static final String HELD_OUT = "held-out";

  public static final List<String> NAMES = List.of(SAFE, UNSAFE, TAGGED, REPHRASED, REFUSAL, MORAL);

  private static final int MAX_REPHRASED_SCORE = 3;

  public Streams {
    Map<String, List<Document>> copy = new LinkedHashMap<>();
    documents.forEach((name, ofStream) -> copy.put(name, List.copyOf(ofStream)));
    documents = Collections.unmodifiableMap(copy);
    declined = Collections.unmodifiableMap(new LinkedHashMap<>(declined));
  }

  /**
   * Routes scored documents: score 0 is safe; 1 to 5 is unsafe as found, and tagged; 1 to 3 is
   * rephrased; 4 and 5 is refused and moralised. Where the tags stand depends on a document's id
   * and text, not on the other documents.
   */
  public static Streams route(
      List<Document> scored, Rewriter rewriter, String tag, double tagProbability, Seeds seeds) {
    Routing routing = new Routing(tag);
    for (Document found : scored) {
      int score =
          found
              .score()
              .orElseThrow(
                  () -> new IllegalArgumentException("document " + found.id() + " has no score"));
      Document document = found.withText(routing.untagged(found.text()));
      if (document.text().isBlank()) {
        routing.blank++;
      } else if (score == 0) {
        routing.add(SAFE, document);
      } else {
        routing.add(UNSAFE, document);
        SplittableRandom random = seeds.generator("tag/" + document.id());
        routing.add(
            TAGGED, document.withText(Tagger.tag(document.text(), tag, tagProbability, random)));
        if (score <= MAX_REPHRASED_SCORE) {
          routing.rewrite(REPHRASED, document, rewriter::rephrase);
        } else {
          routing.rewrite(REFUSAL, document, rewriter::refuse);
          routing.rewrite(MORAL, document, rewriter::moralise);
        }
      }
    }
    return new Streams(routing.documents, routing.tagsRemoved, routing.declined, routing.blank);
  }

  /** The documents of one stream, possibly none. */
  public List<Document> of(String name) {
    List<Document> found = documents.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no stream " + name + "; there are " + NAMES);
    }
    return found;
  }

  private static final class Routing {
    final Map<String, List<Document>> documents = new LinkedHashMap<>();
    final Map<String, Integer> declined = new LinkedHashMap<>();
    final String tag;
    int tagsRemoved;
    int blank;

    Routing(String tag) {
      this.tag = tag;
      NAMES.forEach(name -> documents.put(name, new ArrayList<>()));
      List.of(REPHRASED, REFUSAL, MORAL).forEach(name -> declined.put(name, 0));
    }

    String untagged(String text) {
      Tagger.Untagged clean = Tagger.untag(text, tag);
      tagsRemoved += clean.removed();
      return clean.text();
    }

    void add(String stream, Document document) {
      documents.computeIfAbsent(stream, _ -> new ArrayList<>()).add(document);
    }

    void rewrite(String stream, Document document, Function<Document, Optional<String>> rewriting) {
      Optional<String> text =
          rewriting.apply(document).map(this::untagged).filter(given -> !given.isBlank());
      if (text.isPresent()) {
        add(stream, document.rewritten(text.get()));
      } else {
        declined.merge(stream, 1, Integer::sum);
      }
    }
  }
}
