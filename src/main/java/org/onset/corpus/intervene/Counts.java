package org.onset.corpus.intervene;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often what became of documents. {@link #plus} is associative and commutative, so that parts
 * of a corpus may be counted anywhere.
 *
 * @param removed documents whose score no stream takes
 * @param sourceTags literal tags taken out of the documents themselves
 */
public record Counts(long documents, long removed, long sourceTags, Map<String, OfStream> streams)
    implements Serializable {
  public static final Counts NONE = new Counts(0, 0, 0, Map.of());

  /**
   * Of one stream.
   *
   * @param writtenTags literal tags taken out of what the writer gave
   * @param insertions what was put into texts by {@code reflect}
   * @param failed reason → documents of which the stream holds nothing for it
   */
  public record OfStream(long made, long writtenTags, long insertions, Map<Reason, Long> failed)
      implements Serializable {
    public OfStream {
      failed = Collections.unmodifiableMap(new TreeMap<>(failed));
    }

    static OfStream of(Outcome outcome) {
      return switch (outcome) {
        case Outcome.Made made ->
            new OfStream(1, made.tagsRemoved(), made.inserted().size(), Map.of());
        case Outcome.Failed failed -> new OfStream(0, 0, 0, Map.of(failed.reason(), 1L));
      };
    }

    OfStream plus(OfStream other) {
      Map<Reason, Long> sum = new TreeMap<>(failed);
      other.failed.forEach((reason, count) -> sum.merge(reason, count, Long::sum));
      return new OfStream(
          made + other.made, writtenTags + other.writtenTags, insertions + other.insertions, sum);
    }
  }

  public Counts {
    streams = Collections.unmodifiableMap(new TreeMap<>(streams));
  }

  public static Counts of(Iterable<Applied> all) {
    long documents = 0;
    long removed = 0;
    long sourceTags = 0;
    Map<String, OfStream> streams = new TreeMap<>();
    for (Applied one : all) {
      documents++;
      removed += one.isRemoved() ? 1 : 0;
      sourceTags += one.tagsRemoved();
      one.streams()
          .forEach(
              (stream, outcome) -> streams.merge(stream, OfStream.of(outcome), OfStream::plus));
    }
    return new Counts(documents, removed, sourceTags, streams);
  }

  public Counts plus(Counts other) {
    Map<String, OfStream> sum = new TreeMap<>(streams);
    other.streams.forEach((stream, counts) -> sum.merge(stream, counts, OfStream::plus));
    return new Counts(
        documents + other.documents, removed + other.removed, sourceTags + other.sourceTags, sum);
  }
}
