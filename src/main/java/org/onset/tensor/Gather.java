package org.onset.tensor;

/** Rows of a matrix by their numbers: an embedding, and its gradient. All are float32. */
public final class Gather {
  private Gather() {}

  /** Writes to row i of {@code result} [count, dim] the row {@code numbers[i]} of {@code table}. */
  public static void rows(Tensor table, int[] numbers, Tensor result) {
    int dim = Math.toIntExact(table.size(1));
    Rows source = Rows.of(table);
    Rows target = Rows.of(result);
    for (int i = 0; i < numbers.length; i++) {
      source.copy((long) numbers[i] * dim, dim, target, (long) i * dim);
    }
  }

  /** Adds row i of {@code values} [count, dim] to the row {@code numbers[i]} of {@code table}. */
  public static void addRows(Tensor values, int[] numbers, Tensor table) {
    int dim = Math.toIntExact(table.size(1));
    Rows source = Rows.of(values);
    Rows target = Rows.of(table);
    // By columns, so that threads don't meet where a number comes twice.
    Parallel.run(
        dim,
        numbers.length,
        (_, from, until) -> {
          int width = until - from;
          float[] value = new float[width];
          float[] sum = new float[width];
          for (int i = 0; i < numbers.length; i++) {
            source.read((long) i * dim + from, width, value, 0);
            long at = (long) numbers[i] * dim + from;
            target.read(at, width, sum, 0);
            for (int j = 0; j < width; j++) {
              sum[j] += value[j];
            }
            target.write(at, width, sum, 0);
          }
        });
  }
}
