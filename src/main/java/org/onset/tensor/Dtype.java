package org.onset.tensor;

/** What one element of a tensor is. */
public enum Dtype {
  FLOAT32("float32"),
  BFLOAT16("bfloat16"),
  INT64("int64");

  private final String label;

  Dtype(String label) {
    this.label = label;
  }

  /** The name that PyTorch and Hugging Face's configurations use. */
  public String label() {
    return label;
  }
}
