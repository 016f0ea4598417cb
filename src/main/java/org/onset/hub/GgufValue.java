package org.onset.hub;

import java.util.List;
import java.util.stream.Collectors;

/** A value of a GGUF file's metadata. */
sealed interface GgufValue {
  record Whole(long value) implements GgufValue {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  record Real(double value) implements GgufValue {
    @Override
    public String toString() {
      return Double.toString(value);
    }
  }

  record Flag(boolean value) implements GgufValue {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  record Text(String value) implements GgufValue {
    @Override
    public String toString() {
      return '"' + value + '"';
    }
  }

  record Many(List<GgufValue> values) implements GgufValue {
    public Many {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      String shown =
          values.stream().limit(8).map(GgufValue::toString).collect(Collectors.joining(", "));
      return "[" + shown + (values.size() > 8 ? ", …" : "") + "]";
    }
  }
}
