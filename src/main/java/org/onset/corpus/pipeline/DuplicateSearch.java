package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.clean.MinHashSpec;
import org.onset.corpus.clean.Shingles;
import scala.Tuple2;

/**
 * Finds repeated documents over all splits. Of equal texts the first stays. Of the rest, a document
 * goes when an earlier one that stays has a Jaccard similarity of at least the threshold, among
 * those that share a band of their MinHash signatures with it; so whatever goes has a verified
 * likeness that stays, and likeness isn't passed on from one to the next.
 *
 * <p>Signatures are shuffled as arrays of numbers, and shingles only of documents that share a
 * band, so memory follows from the size of a partition and not from the corpus.
 */
final class DuplicateSearch {
  static final String NAME = "duplicates";
  static final int VERSION = 1;

  /** A partition of so many rows of three numbers is sorted in about 20 MB. */
  private static final long ROWS_A_PARTITION = 200_000;

  /** In a crowded band a document is compared with so many of the first, and no others. */
  private static final int COMPARED_IN_BAND = 64;

  private final JavaSparkContext spark;
  private final List<Part> parts;
  private final @Nullable MinHashSpec near;

  /** A split's files, which every worker can read. */
  record Part(int split, String signatures, String documents, long kept) implements Serializable {}

  DuplicateSearch(JavaSparkContext spark, List<Part> parts, @Nullable MinHashSpec near) {
    this.spark = spark;
    this.parts = parts;
    this.near = near;
  }

  /** All that go, in the order of the corpus. */
  List<Duplicate> find(boolean exact) {
    List<Duplicate> duplicates = new ArrayList<>();
    if (exact) {
      findEqual(duplicates);
    }
    if (near != null) {
      findSimilar(near, dropped(duplicates, parts.size()), duplicates);
    }
    duplicates.sort((a, b) -> Long.compare(a.document().number(), b.document().number()));
    return duplicates;
  }

  /** For each split, the documents that go. */
  static List<BitSet> dropped(List<Duplicate> duplicates, int splits) {
    List<BitSet> dropped =
        new ArrayList<>(IntStream.range(0, splits).mapToObj(_ -> new BitSet()).toList());
    duplicates.forEach(
        duplicate -> dropped.get(duplicate.document().split()).set(duplicate.document().ordinal()));
    return dropped;
  }

  private void findEqual(List<Duplicate> duplicates) {
    int bands = near == null ? 0 : near.bands();
    int partitions = partitions(1);
    JavaPairRDD<Integer, long[]> rows =
        spark
            .parallelize(parts, parts.size())
            .flatMapToPair(part -> digests(part, bands, partitions));
    rows.partitionBy(new ByNumber(partitions))
        .mapPartitions(DuplicateSearch::equalTexts)
        .collect()
        .forEach(
            pair ->
                duplicates.add(
                    new Duplicate(
                        Duplicate.Place.of(pair[0]), Duplicate.Place.of(pair[1]), true, 1)));
  }

  private int partitions(int rowsPerDocument) {
    long rows = parts.stream().mapToLong(Part::kept).sum() * rowsPerDocument;
    return (int) Math.max(1, Math.ceilDiv(rows, ROWS_A_PARTITION));
  }

  private static Iterator<Tuple2<Integer, long[]>> digests(Part part, int bands, int partitions)
      throws IOException {
    RowBuckets buckets = new RowBuckets(partitions, 3);
    SignaturesStep.read(
        Path.of(part.signatures()),
        bands,
        (ordinal, signature) ->
            buckets.add(
                signature[0],
                signature[0],
                signature[1],
                new Duplicate.Place(part.split(), ordinal).number()));
    return buckets.iterator();
  }

  /** Pairs of a document and the first with an equal text. */
  private static Iterator<long[]> equalTexts(Iterator<Tuple2<Integer, long[]>> arrays) {
    List<long[]> rows = sortedRows(arrays, 3);
    List<long[]> pairs = new ArrayList<>();
    int first = 0;
    for (int i = 1; i < rows.size(); i++) {
      if (Arrays.equals(rows.get(first), 0, 2, rows.get(i), 0, 2)) {
        pairs.add(new long[] {rows.get(i)[2], rows.get(first)[2]});
      } else {
        first = i;
      }
    }
    return pairs.iterator();
  }

  private static List<long[]> sortedRows(Iterator<Tuple2<Integer, long[]>> arrays, int width) {
    List<long[]> rows = new ArrayList<>();
    while (arrays.hasNext()) {
      long[] values = arrays.next()._2();
      for (int at = 0; at < values.length; at += width) {
        rows.add(Arrays.copyOfRange(values, at, at + width));
      }
    }
    rows.sort(Arrays::compare);
    return rows;
  }

  private void findSimilar(MinHashSpec spec, List<BitSet> equal, List<Duplicate> duplicates) {
    int partitions = partitions(spec.bands());
    Broadcast<List<BitSet>> gone = spark.broadcast(equal);
    JavaPairRDD<Long, Long> pairs =
        spark
            .parallelize(parts, parts.size())
            .flatMapToPair(part -> bands(part, spec.bands(), partitions, gone.value()))
            .partitionBy(new ByNumber(partitions))
            .mapPartitions(DuplicateSearch::sharingABand)
            .distinct()
            .mapToPair(pair -> pair)
            .persist(StorageLevel.DISK_ONLY());
    JavaPairRDD<Long, long[]> shingles = shingles(pairs, spec.wordsPerShingle());
    double threshold = spec.threshold();
    JavaRDD<Tuple2<Long, Tuple2<Long, Double>>> verified =
        pairs
            .join(shingles)
            .mapToPair(
                pair -> new Tuple2<>(pair._2()._1(), new Tuple2<>(pair._1(), pair._2()._2())))
            .join(shingles)
            .map(
                pair -> {
                  Tuple2<Long, long[]> earlier = pair._2()._1();
                  double jaccard = Shingles.jaccard(earlier._2(), pair._2()._2());
                  return new Tuple2<>(pair._1(), new Tuple2<>(earlier._1(), jaccard));
                })
            .filter(pair -> pair._2()._2() >= threshold);
    Iterator<Tuple2<Long, Tuple2<Long, Double>>> likenesses =
        verified.mapToPair(pair -> pair).sortByKey().toLocalIterator();
    dropLater(likenesses, duplicates);
    shingles.unpersist();
    pairs.unpersist();
    gone.destroy();
  }

  private static Iterator<Tuple2<Integer, long[]>> bands(
      Part part, int bands, int partitions, List<BitSet> gone) throws IOException {
    RowBuckets buckets = new RowBuckets(partitions, 2);
    BitSet goneOfPart = gone.get(part.split());
    SignaturesStep.read(
        Path.of(part.signatures()),
        bands,
        (ordinal, signature) -> {
          if (!goneOfPart.get(ordinal)) {
            long place = new Duplicate.Place(part.split(), ordinal).number();
            for (int band = 0; band < bands; band++) {
              long key = signature[2 + band];
              buckets.add(key, key, place);
            }
          }
        });
    return buckets.iterator();
  }

  /** Pairs of an earlier and a later document. */
  private static Iterator<Tuple2<Long, Long>> sharingABand(
      Iterator<Tuple2<Integer, long[]>> arrays) {
    List<long[]> rows = sortedRows(arrays, 2);
    int[] firsts = new int[rows.size()];
    for (int i = 1; i < firsts.length; i++) {
      firsts[i] = rows.get(i)[0] == rows.get(i - 1)[0] ? firsts[i - 1] : i;
    }
    return IntStream.range(0, firsts.length)
        .boxed()
        .flatMap(
            i ->
                IntStream.range(firsts[i], Math.min(i, firsts[i] + COMPARED_IN_BAND))
                    .mapToObj(earlier -> new Tuple2<>(rows.get(earlier)[1], rows.get(i)[1])))
        .iterator();
  }

  /** The shingles of every document that is in a pair. */
  private JavaPairRDD<Long, long[]> shingles(JavaPairRDD<Long, Long> pairs, int wordsPerShingle) {
    List<Part> all = parts;
    return pairs
        .flatMap(pair -> List.of(pair._1(), pair._2()).iterator())
        .distinct()
        .mapToPair(place -> new Tuple2<>(Duplicate.Place.of(place).split(), place))
        .groupByKey(new ByNumber(parts.size()))
        .flatMapToPair(places -> shingles(all.get(places._1()), places._2(), wordsPerShingle))
        .persist(StorageLevel.DISK_ONLY());
  }

  private static Iterator<Tuple2<Long, long[]>> shingles(
      Part part, Iterable<Long> places, int wordsPerShingle) throws IOException {
    BitSet wanted = new BitSet();
    places.forEach(place -> wanted.set(Duplicate.Place.of(place).ordinal()));
    DocumentFile.Reader documents = new DocumentFile.Reader(Path.of(part.documents()));
    TaskCompletionListener close = _ -> documents.close();
    TaskContext.get().addTaskCompletionListener(close);
    return Stream.iterate(
            next(documents, wanted), Optional::isPresent, _ -> next(documents, wanted))
        .map(Optional::orElseThrow)
        .map(
            document ->
                new Tuple2<>(
                    new Duplicate.Place(part.split(), documents.ordinal()).number(),
                    Shingles.of(document.text(), wordsPerShingle)))
        .iterator();
  }

  /** The next document that is wanted. */
  private static Optional<KeptDocument> next(DocumentFile.Reader documents, BitSet wanted) {
    try {
      KeptDocument document = documents.next();
      while (document != null && !wanted.get(documents.ordinal())) {
        document = documents.next();
      }
      return Optional.ofNullable(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Likenesses come sorted by the later document; whether the earlier one stays is known by then.
   */
  private void dropLater(
      Iterator<Tuple2<Long, Tuple2<Long, Double>>> likenesses, List<Duplicate> duplicates) {
    List<BitSet> gone = dropped(List.of(), parts.size());
    long document = -1;
    long stays = -1;
    double jaccard = 0;
    while (likenesses.hasNext()) {
      Tuple2<Long, Tuple2<Long, Double>> likeness = likenesses.next();
      if (likeness._1() != document) {
        drop(document, stays, jaccard, gone, duplicates);
        document = likeness._1();
        stays = -1;
      }
      Duplicate.Place earlier = Duplicate.Place.of(likeness._2()._1());
      boolean isFirst = stays < 0 || earlier.number() < stays;
      if (isFirst && !gone.get(earlier.split()).get(earlier.ordinal())) {
        stays = earlier.number();
        jaccard = likeness._2()._2();
      }
    }
    drop(document, stays, jaccard, gone, duplicates);
  }

  private static void drop(
      long document, long stays, double jaccard, List<BitSet> gone, List<Duplicate> duplicates) {
    if (stays >= 0) {
      Duplicate.Place place = Duplicate.Place.of(document);
      gone.get(place.split()).set(place.ordinal());
      duplicates.add(new Duplicate(place, Duplicate.Place.of(stays), false, jaccard));
    }
  }

  /** Keys are the numbers of partitions. */
  private static final class ByNumber extends Partitioner {
    private final int partitions;

    ByNumber(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key;
    }
  }

  /** Rows of numbers, collected by the partition they go to. */
  private static final class RowBuckets {
    private final long[][] buckets;
    private final int[] sizes;
    private final int width;

    RowBuckets(int partitions, int width) {
      this.buckets = new long[partitions][0];
      this.sizes = new int[partitions];
      this.width = width;
    }

    void add(long hash, long... row) {
      int partition = (int) Long.remainderUnsigned(hash, buckets.length);
      if (sizes[partition] + width > buckets[partition].length) {
        buckets[partition] =
            Arrays.copyOf(buckets[partition], Math.max(16 * width, 2 * sizes[partition]));
      }
      System.arraycopy(row, 0, buckets[partition], sizes[partition], width);
      sizes[partition] += width;
    }

    Iterator<Tuple2<Integer, long[]>> iterator() {
      return IntStream.range(0, buckets.length)
          .filter(partition -> sizes[partition] > 0)
          .mapToObj(
              partition ->
                  new Tuple2<>(partition, Arrays.copyOf(buckets[partition], sizes[partition])))
          .iterator();
    }
  }
}
