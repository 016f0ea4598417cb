package org.onset.tensor;

import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.linalg_vector_norm;

import java.util.Arrays;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An array in libtorch's memory: float32, or int64 where it holds ids. Operations named {@code
 * …InPlace} change it; those that say so give a view of its memory; all others make a new tensor.
 */
public final class Tensor implements AutoCloseable {
  static {
    Libtorch.load();
  }

  private final org.bytedeco.pytorch.Tensor torch;

  Tensor(org.bytedeco.pytorch.Tensor torch) {
    this.torch = torch;
  }

  org.bytedeco.pytorch.Tensor torch() {
    return torch;
  }

  // ---- Making, reading, writing

  public static Tensor zeros(long... shape) {
    return new Tensor(org.bytedeco.pytorch.global.torch.zeros(shape));
  }

  /** Whatever the memory holds. */
  static Tensor uninitialised(long... shape) {
    return new Tensor(empty(shape));
  }

  /** {@code values} in row-major order. */
  public static Tensor of(float[] values, long... shape) {
    requireCount(values.length, shape);
    Tensor made = new Tensor(empty(shape));
    made.torch.data_ptr_float().put(values, 0, values.length);
    return made;
  }

  /** Ids (int64) in row-major order. */
  public static Tensor ofIds(long[] ids, long... shape) {
    requireCount(ids.length, shape);
    try (Scope scope = new Scope()) {
      TensorOptions options = new TensorOptions(ScalarType.Long);
      Tensor made = new Tensor(org.bytedeco.pytorch.global.torch.zeros(shape, options));
      made.torch.data_ptr_long().put(ids, 0, ids.length);
      return scope.keep(made);
    }
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

  /** A copy of all values in row-major order. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(torch.numel())];
    try (Scope _ = new Scope()) {
      torch.contiguous().data_ptr_float().get(values, 0, values.length);
    }
    return values;
  }

  /** Overwrites all values, in row-major order; only for contiguous tensors. */
  public void copyFrom(float[] values) {
    requireCount(values.length, shape());
    if (!torch.is_contiguous()) {
      throw new IllegalArgumentException("the tensor is not contiguous");
    }
    torch.data_ptr_float().put(values, 0, values.length);
  }

  /** Overwrites all values with those of {@code source}, of the same shape. */
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

  /** The sum of all values, added up in double precision. */
  public double sum() {
    try (Scope _ = new Scope()) {
      return torch.sum(new ScalarTypeOptional(ScalarType.Double)).item_double();
    }
  }

  /** The sums over {@code dimension}, which disappears. */
  public Tensor sum(int dimension) {
    return new Tensor(torch.sum(dimension));
  }

  /** The Euclidean norm, in double precision; not finite when a value isn't. */
  public double norm() {
    try (Scope _ = new Scope()) {
      return linalg_vector_norm(
              torch,
              new Scalar(2.0),
              new LongArrayRefOptional(),
              false,
              new ScalarTypeOptional(ScalarType.Double))
          .item_double();
    }
  }

  // ---- Views

  /** A view of {@code length} entries of {@code dimension} from {@code start}. */
  public Tensor narrow(int dimension, long start, long length) {
    return new Tensor(torch.narrow(dimension, start, length));
  }

  /** The same values in another shape: a view where the memory's order allows it. */
  public Tensor reshape(long... shape) {
    return new Tensor(torch.reshape(shape));
  }

  /** A view. */
  public Tensor transpose(int first, int second) {
    return new Tensor(torch.transpose(first, second));
  }

  /** A view with one more dimension, of size 1, before {@code dimension}. */
  public Tensor unsqueeze(int dimension) {
    return new Tensor(torch.unsqueeze(dimension));
  }

  /** A view that repeats dimensions of size 1. */
  public Tensor expand(long... shape) {
    return new Tensor(torch.expand(shape));
  }

  // ---- Arithmetic; shapes broadcast

  public Tensor times(Tensor other) {
    return new Tensor(torch.mul(other.torch));
  }

  public void multiplyInPlace(Tensor other) {
    torch.mul_(other.torch);
  }

  public void multiplyInPlace(double factor) {
    try (Scope _ = new Scope()) {
      torch.mul_(new Scalar(factor));
    }
  }

  public void expInPlace() {
    torch.exp_();
  }

  /** Along the last dimension. */
  public Tensor logSoftmax() {
    return new Tensor(torch.log_softmax(-1));
  }

  // ---- Products

  /** Matrix product of the last two dimensions, batched over those before. */
  public Tensor matmul(Tensor other) {
    return new Tensor(torch.matmul(other.torch));
  }

  /** This [..., in] times the transpose of {@code weight} [out, in]: [..., out]. */
  public Tensor linear(Tensor weight) {
    return new Tensor(org.bytedeco.pytorch.global.torch.linear(torch, weight.torch));
  }

  /**
   * This [rows, out] plus {@code left} [rows, in] times the transpose of {@code weight} [out, in].
   */
  public Tensor plusLinear(Tensor left, Tensor weight) {
    try (Scope scope = new Scope()) {
      return scope.keep(new Tensor(torch.addmm(left.torch, weight.torch.t())));
    }
  }

  /** Adds {@code factor} · transpose({@code left}) · {@code right} to this matrix. */
  public void addTransposedProductInPlace(Tensor left, Tensor right, double factor) {
    try (Scope _ = new Scope()) {
      torch.addmm_(left.torch.t(), right.torch, new Scalar(1.0), new Scalar(factor));
    }
  }

  // ---- Choosing

  /** Rows of this table [vocab, dim] for {@code ids} [...]: [..., dim]. */
  public Tensor lookUp(Tensor ids) {
    return new Tensor(embedding(torch, ids.torch));
  }

  /** The entries {@code ids} [count] of {@code dimension}. */
  public Tensor indexSelect(int dimension, Tensor ids) {
    return new Tensor(torch.index_select(dimension, ids.torch));
  }

  /** For each row of this [rows, columns] the entries whose columns {@code ids} [rows, n] names. */
  public Tensor gather(Tensor ids) {
    return new Tensor(torch.gather(-1, ids.torch));
  }

  /** Adds {@code values} [rows, n] to the columns {@code ids} [rows, n] of each row. */
  public void scatterAddInPlace(Tensor ids, Tensor values) {
    torch.scatter_reduce_(-1, ids.torch, values.torch, "sum");
  }

  /** Adds each row of {@code values} [count, dim] to the row that {@code ids} [count] names. */
  public void addRowsInPlace(Tensor ids, Tensor values) {
    torch.index_add_(0, ids.torch, values.torch);
  }

  /**
   * Overwrites the entries {@code ids} [count] of {@code dimension} with those of {@code values}.
   */
  public void indexCopyInPlace(int dimension, Tensor ids, Tensor values) {
    torch.index_copy_(dimension, ids.torch, values.torch);
  }

  public static Tensor concatenate(int dimension, Tensor... parts) {
    try (Scope scope = new Scope()) {
      TensorVector vector = new TensorVector();
      for (Tensor part : parts) {
        vector.push_back(part.torch);
      }
      return scope.keep(new Tensor(org.bytedeco.pytorch.global.torch.cat(vector, dimension)));
    }
  }

  // ---- Rotation

  /**
   * Rotary position embedding of [..., headDim], where entry i and entry i + headDim / 2 make a
   * pair: x · cos + swapped(x) · signedSin, with signedSin = (-sin, sin). Both tables broadcast.
   */
  public Tensor rotated(Tensor cos, Tensor signedSin) {
    return rotated(cos, signedSin, 1);
  }

  /** Undoes {@link #rotated}; so also turns a gradient of its result into one of its input. */
  public Tensor rotatedBack(Tensor cos, Tensor signedSin) {
    return rotated(cos, signedSin, -1);
  }

  private Tensor rotated(Tensor cos, Tensor signedSin, double direction) {
    try (Scope scope = new Scope()) {
      var swapped = torch.roll(new long[] {torch.size(-1) / 2}, -1);
      return scope.keep(
          new Tensor(
              torch.mul(cos.torch).addcmul_(swapped, signedSin.torch, new Scalar(direction))));
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
    torch.deallocate();
  }

  private static void requireCount(int count, long[] shape) {
    long wanted = 1;
    for (long size : shape) {
      wanted *= size;
    }
    if (wanted != count) {
      throw new IllegalArgumentException(
          "%d values don't make the shape %s".formatted(count, Arrays.toString(shape)));
    }
  }
}
