package org.onset.corpus.card;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.JsonProblem;
import org.onset.WholeFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is in a corpus, what was left out of it, and how far its scores can be believed.
 *
 * @param schema version of this form, 2
 * @param sources in the order of the corpus
 * @param scores score → documents found with it, before any intervention
 * @param categories the main reason for a score above 0 → documents with it
 * @param harm how often n-gram queries find a taxonomy of harm, before and after interventions
 * @param streams stream → what it holds
 * @param tokens source → stream → tokens that came of it; empty without a tokenizer
 * @param tokenizer absent where texts are all that was made
 * @param scorers how well the scorers, and their ensemble, do on held-out labelled texts
 * @param excerpts beginnings of a few documents of each score
 */
public record CorpusCard(
    int schema,
    String name,
    List<Source> sources,
    SortedMap<Integer, Amount> scores,
    SortedMap<String, Amount> categories,
    Harm harm,
    SortedMap<String, Stream> streams,
    SortedMap<String, SortedMap<String, Long>> tokens,
    @Nullable Tokens tokenizer,
    @Nullable Duplicates duplicates,
    @Nullable Contamination contamination,
    Interventions interventions,
    List<Quality> scorers,
    List<Excerpt> excerpts) {
  public static final int SCHEMA = 2;
  public static final String FILE = "card.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  /** How much there is of something; bytes are of text in UTF-8. */
  public record Amount(long documents, long bytes) {
    public Amount and(Amount other) {
      return new Amount(documents + other.documents, bytes + other.bytes);
    }
  }

  /**
   * Occurrences of n-gram queries that speak of harm. No word counts twice for one category.
   *
   * @param queries the name of the list of queries; counts by another list don't compare
   * @param asFound category → occurrences in all scored documents as they were found
   * @param streams stream → occurrences in what it holds
   */
  public record Harm(
      String queries, SortedMap<String, Long> asFound, SortedMap<String, HarmInStream> streams) {}

  /**
   * Occurrences in a stream, and in what became of it.
   *
   * @param sources the documents, as they were found, that the stream's texts were made of
   * @param before category → occurrences in those documents
   * @param after category → occurrences in the stream's texts; tags are passed over
   */
  public record HarmInStream(
      Amount sources, SortedMap<String, Long> before, SortedMap<String, Long> after) {
    public HarmInStream and(HarmInStream other) {
      return new HarmInStream(
          sources.and(other.sources), sum(before, other.before), sum(after, other.after));
    }

    private static SortedMap<String, Long> sum(
        SortedMap<String, Long> one, SortedMap<String, Long> other) {
      SortedMap<String, Long> sum = new TreeMap<>(one);
      other.forEach((category, count) -> sum.merge(category, count, Long::sum));
      return sum;
    }
  }

  /**
   * One source.
   *
   * @param records documents and damaged records that its files hold
   * @param skipped records that its filter or share leaves out
   * @param damaged records that are no document
   * @param tags literal tags taken out of its texts
   * @param dropped reason → documents left out
   * @param kept what passes the filters, as it was found; of repeated documents all
   */
  public record Source(
      String name,
      int files,
      long records,
      long skipped,
      long damaged,
      long tags,
      SortedMap<String, Long> dropped,
      Amount kept) {}

  /**
   * What a stream holds; the ends of text count as tokens, of which there are 0 without a
   * tokenizer.
   */
  public record Stream(long documents, long bytes, long tokens) {}

  /**
   * The tokenizer.
   *
   * @param tags how many of the tokens are the tag
   */
  public record Tokens(int vocabSize, String fingerprint, long tags) {}

  /**
   * Repeated documents that went.
   *
   * @param threshold least Jaccard similarity of near duplicates; absent when none were sought
   */
  public record Duplicates(
      @Nullable Double threshold,
      @Nullable Integer wordsPerShingle,
      @Nullable Integer bands,
      @Nullable Integer rowsPerBand,
      long exact,
      long near) {}

  /**
   * Documents that share words with an evaluation suite.
   *
   * @param words in a row that count as shared
   * @param shortPrompts suite → prompts of fewer words, which no document can be checked against
   * @param documents suite → documents that went
   */
  public record Contamination(
      int words, SortedMap<String, Integer> shortPrompts, SortedMap<String, Long> documents) {}

  /**
   * What became of documents.
   *
   * @param kinds stream → what its rule does with a document
   * @param packing stream → how its documents are to share sequences: {@code joined} or {@code
   *     separate}
   * @param failed stream → reason → documents that it should hold and doesn't
   * @param removed documents of scores that no stream takes
   * @param unknownScores reason → documents that a language model gave no score
   */
  public record Interventions(
      SortedMap<String, String> kinds,
      SortedMap<String, String> packing,
      SortedMap<String, SortedMap<String, Long>> failed,
      long removed,
      SortedMap<String, Long> unknownScores) {}

  /** A share with its 95% interval; absent where there is nothing to take a share of. */
  public record Rate(long hits, long of, double value, double low, double high) {}

  /**
   * How well one scorer does on held-out labelled texts.
   *
   * @param atLeast score s from 1 on: of texts truly ≥ s, and of those predicted so
   * @param precisionAt predicted score → the share of those texts whose true score is the same
   */
  public record Quality(
      String scorer,
      String set,
      long documents,
      SortedMap<Integer, AtLeast> atLeast,
      SortedMap<Integer, Rate> precisionAt) {
    /** The scorer that is all of them together. */
    public static final String ENSEMBLE = "ensemble";

    /** The set that is all of them together. */
    public static final String ALL_SETS = "all";
  }

  /** Recall and precision of "this score or more". */
  public record AtLeast(@Nullable Rate recall, @Nullable Rate precision) {}

  /** The beginning of a document. */
  public record Excerpt(int score, String id, String text) {}

  public void write(Path folder) {
    WholeFile.write(folder.resolve(FILE), json().getBytes(StandardCharsets.UTF_8));
  }

  public String json() {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  /** The same under another name: corpora of several names may be one. */
  public CorpusCard named(String other) {
    return new CorpusCard(
        schema,
        other,
        sources,
        scores,
        categories,
        harm,
        streams,
        tokens,
        tokenizer,
        duplicates,
        contamination,
        interventions,
        scorers,
        excerpts);
  }

  /**
   * Reads the card of a built corpus.
   *
   * @param path the corpus's folder, or the card itself
   */
  public static CorpusCard read(Path path) throws IOException {
    Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
    try {
      CorpusCard card = JSON.readValue(Files.readString(file), CorpusCard.class);
      if (card.schema() != SCHEMA) {
        throw new BadInput(
            "%s: has form %d, this Onset reads %d; build the corpus again"
                .formatted(file, card.schema(), SCHEMA));
      }
      return card;
    } catch (NoSuchFileException e) {
      throw new BadInput(file + ": there is no card; build the corpus with onset data build");
    } catch (JacksonException e) {
      throw new BadInput("%s: is no card: %s".formatted(file, JsonProblem.of(e)));
    }
  }
}
