package org.onset.token;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.onset.BadInput;

/**
 * Numbers words, byte strings, from 0 in the order added. One array holds the bytes of all, so that
 * a word costs no object. Not safe to share between threads.
 */
final class WordTable implements Serializable {
  private static final long serialVersionUID = 1;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
  private static final int MOST_BYTES = 1 << 30;

  /** A free slot is 0, another the word's hash above its number + 1; a power of two, half free. */
  private long[] slots = new long[1 << 10];

  /** Where each word begins in {@link #bytes}, and behind the last where that ends. */
  private int[] starts = new int[1 << 9];

  private byte[] bytes = new byte[1 << 12];
  private int size;

  int size() {
    return size;
  }

  /** Of all words together. */
  int totalBytes() {
    return starts[size];
  }

  byte[] bytes() {
    return bytes;
  }

  int start(int word) {
    return starts[word];
  }

  int end(int word) {
    return starts[word + 1];
  }

  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  static int hash(byte[] text, int from, int to) {
    long hash = (long) to - from;
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      hash = mixed(hash ^ (long) LONGS.get(text, at));
    }
    if (at < to) {
      hash = mixed(hash ^ lastBytes(text, at, to));
    }
    return (int) hash;
  }

  private static long mixed(long value) {
    long product = value * MIX;
    return product ^ (product >>> 32);
  }

  /** Fewer than eight bytes, little-endian. */
  private static long lastBytes(byte[] text, int from, int to) {
    if (from + Long.BYTES <= text.length) {
      return (long) LONGS.get(text, from) & (-1L >>> (Long.SIZE - Byte.SIZE * (to - from)));
    }
    long last = 0;
    for (int at = to - 1; at >= from; at--) {
      last = last << Byte.SIZE | (text[at] & 0xFF);
    }
    return last;
  }

  /** The number of the word {@code text[from … to)}, whose hash is given, or -1. */
  int find(byte[] text, int from, int to, int hash) {
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      long found = slots[slot];
      if ((int) (found >>> 32) == hash) {
        int word = (int) found - 1;
        if (Arrays.equals(text, from, to, bytes, starts[word], starts[word + 1])) {
          return word;
        }
      }
    }
    return -1;
  }

  /** Adds a word that isn't there yet, and says its number. */
  int add(byte[] text, int from, int to, int hash) {
    long needed = (long) starts[size] + (to - from);
    if (needed > MOST_BYTES) {
      throw new BadInput(
          "the texts hold more than 1 GiB of different words; a tokenizer needs far less to learn"
              + " from, so give it a sample of them");
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(MOST_BYTES, Math.max(needed, 2L * bytes.length)));
    }
    if (size + 2 > starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    if (2 * (size + 1) > slots.length) {
      grow();
    }
    System.arraycopy(text, from, bytes, starts[size], to - from);
    starts[size + 1] = (int) needed;
    put(slots, (long) hash << 32 | (size + 1));
    return size++;
  }

  private void grow() {
    long[] larger = new long[2 * slots.length];
    for (long slot : slots) {
      if (slot != 0) {
        put(larger, slot);
      }
    }
    slots = larger;
  }

  private static void put(long[] slots, long value) {
    int mask = slots.length - 1;
    int slot = (int) (value >>> 32) & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = value;
  }
}
