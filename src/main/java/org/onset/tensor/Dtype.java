package org.onset.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** What the values of a tensor are. */
public enum Dtype {
  FLOAT32("float32", Float.BYTES, ScalarType.Float),
  /** The upper half of a float32: its range, with 8 bits of precision. */
  BFLOAT16("bfloat16", Short.BYTES, ScalarType.BFloat16);

  private final String label;
  private final int bytes;
  private final ScalarType torch;

  Dtype(String label, int bytes, ScalarType torch) {
    this.label = label;
    this.bytes = bytes;
    this.torch = torch;
  }

  /** The name that PyTorch and Hugging Face use. */
  public String label() {
    return label;
  }

  /** Of one value. */
  public int bytes() {
    return bytes;
  }

  ScalarType torch() {
    return torch;
  }
}
