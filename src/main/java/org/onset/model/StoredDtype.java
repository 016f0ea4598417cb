package org.onset.model;

import java.util.Arrays;
import java.util.Optional;

/** The number formats of weights in files. In memory all of them are float32. */
public enum StoredDtype {
  FLOAT32("float32", "F32", Float.BYTES),
  FLOAT16("float16", "F16", Short.BYTES),
  BFLOAT16("bfloat16", "BF16", Short.BYTES);

  private final String label;
  private final String tag;
  private final int bytes;

  StoredDtype(String label, String tag, int bytes) {
    this.label = label;
    this.tag = tag;
    this.bytes = bytes;
  }

  /** As config.json and the command line write it. */
  public String label() {
    return label;
  }

  /** As the header of a safetensors file writes it. */
  String tag() {
    return tag;
  }

  int bytes() {
    return bytes;
  }

  static Optional<StoredDtype> ofTag(String tag) {
    return Arrays.stream(values()).filter(dtype -> dtype.tag.equals(tag)).findFirst();
  }

  /** The bfloat16 nearest to {@code value}, ties to even: the upper half of a float32. */
  static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40); // rounding could carry a NaN over into an infinity
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** The value of a bfloat16. */
  public static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
