package org.onset.tensor;

import static org.bytedeco.pytorch.global.torch.empty;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * An array of float32 or bfloat16 in libtorch's memory. Operations named {@code …InPlace} change
 * it; those that say so give a view of its memory; all others make a new tensor.
 */
public final class Tensor implements AutoCloseable {
  static {
    Libtorch.load();
  }

  private final org.bytedeco.pytorch.Tensor torch;
  private @Nullable Dtype dtype;
  private @Nullable MemorySegment memory;

  Tensor(org.bytedeco.pytorch.Tensor torch) {
    this.torch = torch;
  }

  org.bytedeco.pytorch.Tensor torch() {
    return torch;
  }

  // ---- Making, reading, writing

  /** Zeros of float32. */
  public static Tensor zeros(long... shape) {
    return zeros(Dtype.FLOAT32, shape);
  }

  public static Tensor zeros(Dtype dtype, long... shape) {
    Tensor made = uninitialised(dtype, shape);
    made.fill(0);
    return made;
  }

  /** Whatever the memory holds: pages of it that are never written take no room. */
  public static Tensor uninitialised(Dtype dtype, long... shape) {
    try (Scope scope = new Scope()) {
      return scope.keep(
          new Tensor(empty(shape, new TensorOptions(dtype.torch()), new MemoryFormatOptional())));
    }
  }

  /** {@code values} in row-major order, as float32. */
  public static Tensor of(float[] values, long... shape) {
    Tensor made = uninitialised(Dtype.FLOAT32, shape);
    made.copyFrom(values);
    return made;
  }

  public Dtype dtype() {
    Dtype known = dtype;
    if (known == null) {
      known = torch.scalar_type().intern() == ScalarType.BFloat16 ? Dtype.BFLOAT16 : Dtype.FLOAT32;
      dtype = known;
    }
    return known;
  }

  public long[] shape() {
    long[] shape = new long[Math.toIntExact(torch.dim())];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = torch.size(i);
    }
    return shape;
  }

  public long size(int dimension) {
    return torch.size(dimension);
  }

  public long elementCount() {
    return torch.numel();
  }

  /** The bytes of a contiguous tensor, for as long as it lives. */
  @SuppressWarnings("restricted") // The address and the size are libtorch's own.
  MemorySegment memory() {
    MemorySegment known = memory;
    if (known == null) {
      requireContiguous();
      long bytes = elementCount() * dtype().bytes();
      try (Scope _ = new Scope()) {
        known = MemorySegment.ofAddress(torch.data_ptr().address()).reinterpret(bytes);
      }
      memory = known;
    }
    return known;
  }

  /** A copy of all values of a contiguous tensor, in row-major order. */
  public float[] toFloats() {
    return toFloats(0, Math.toIntExact(elementCount()));
  }

  /** A copy of the values [from, from + count) of a contiguous tensor, in row-major order. */
  public float[] toFloats(long from, int count) {
    float[] values = new float[count];
    Rows.of(this).read(from, count, values, 0);
    return values;
  }

  /** Overwrites all values of a contiguous tensor, in row-major order. */
  public void copyFrom(float[] values) {
    if (values.length != elementCount()) {
      throw new IllegalArgumentException(
          "%d values don't make the shape %s".formatted(values.length, Arrays.toString(shape())));
    }
    Rows.of(this).write(0, values.length, values, 0);
  }

  /** Overwrites all values with those of {@code source}, of the same shape and any dtype. */
  public void copyFrom(Tensor source) {
    try (Scope _ = new Scope()) {
      torch.copy_(source.torch);
    }
  }

  public void fill(double value) {
    try (Scope _ = new Scope()) {
      torch.fill_(new Scalar(value));
    }
  }

  /** The Euclidean norm of a contiguous tensor; not finite when a value isn't. */
  public double norm() {
    return Math.sqrt(Passes.sumOfSquares(this));
  }

  // ---- Views

  /** A view of {@code length} entries of {@code dimension} from {@code start}. */
  public Tensor narrow(int dimension, long start, long length) {
    return new Tensor(torch.narrow(dimension, start, length));
  }

  /** A contiguous tensor's values in another shape: a view. */
  public Tensor reshape(long... shape) {
    return new Tensor(torch.view(shape));
  }

  // ---- Arithmetic on contiguous tensors

  /** Adds as many values of {@code other}, of any dtype. */
  public void addInPlace(Tensor other) {
    Passes.sum(this, other, this);
  }

  /** Overwrites the values with the sums of those of {@code left} and {@code right}. */
  public void setToSum(Tensor left, Tensor right) {
    Passes.sum(left, right, this);
  }

  public void multiplyInPlace(double factor) {
    try (Scope _ = new Scope()) {
      torch.mul_(new Scalar(factor));
    }
  }

  // ---- Ownership

  /** Makes this tensor outlive the scopes it was made in; its owner closes it. Returns it. */
  public Tensor owned() {
    torch.retainReference();
    return this;
  }

  /** Frees this tensor now (its memory, once no view is left). */
  @Override
  public void close() {
    memory = null;
    torch.deallocate();
  }

  private void requireContiguous() {
    if (!torch.is_contiguous()) {
      throw new IllegalArgumentException(
          "a tensor of shape %s is not contiguous".formatted(Arrays.toString(shape())));
    }
  }
}
