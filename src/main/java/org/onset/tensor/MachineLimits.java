package org.onset.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * What this machine can do at most, as far as libtorch shows it, on the threads that the calling
 * thread uses: the limits that speeds are held against.
 */
public final class MachineLimits {
  static {
    Libtorch.load();
  }

  private static final int CUBE = 2048;
  private static final int PRODUCTS = 7;
  private static final long READ_VALUES = 1L << 27; // 512 MiB, beyond any cache
  private static final int READS = 5;

  private MachineLimits() {}

  /** The median speed of square matrix products, in 10⁹ operations per second. */
  public static double gemmGflops(Dtype dtype) {
    try (Scope _ = new Scope()) {
      TensorOptions options = new TensorOptions(dtype.torch());
      var left = torch.randn(new long[] {CUBE, CUBE}, options);
      var right = torch.randn(new long[] {CUBE, CUBE}, options);
      var product = torch.zeros(new long[] {CUBE, CUBE}, options);
      double seconds = medianSeconds(PRODUCTS, () -> torch.mm_out(product, left, right));
      return 2.0 * CUBE * CUBE * CUBE / seconds / 1e9;
    }
  }

  /** The median speed of summing a long float32 tensor, in bytes per second. */
  public static double readBytesPerSecond() {
    try (Scope _ = new Scope()) {
      var values = torch.zeros(READ_VALUES);
      double seconds = medianSeconds(READS, () -> values.sum().item_float());
      return Float.BYTES * READ_VALUES / seconds;
    }
  }

  private static double medianSeconds(int times, Runnable work) {
    double[] seconds = new double[times];
    work.run(); // the first pays for memory and for choosing a kernel
    for (int i = 0; i < times; i++) {
      long startedNanos = System.nanoTime();
      work.run();
      seconds[i] = (System.nanoTime() - startedNanos) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[times / 2];
  }
}
