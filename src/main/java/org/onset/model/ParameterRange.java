package org.onset.model;

/**
 * Where the parameter that Hugging Face calls {@code name} lies in the flat buffers; weight decay
 * applies where {@code decayed} (matrices, not norms).
 */
public record ParameterRange(String name, long rows, long columns, long offset, boolean decayed) {

  /** The number of values. */
  public long length() {
    return rows * columns;
  }

  /** [rows, columns], or [columns] of a norm or bias. */
  public long[] shape() {
    return rows == 1 && !decayed ? new long[] {columns} : new long[] {rows, columns};
  }
}
