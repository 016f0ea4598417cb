package org.onset.tensor;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Frees the tensors made on this thread while it is open, save those kept. Scopes nest, and are
 * closed by the thread that opened them.
 */
public final class Scope implements AutoCloseable {
  static {
    Libtorch.load();
  }

  private final @Nullable PointerScope outer = PointerScope.getInnerScope();
  private final Counted inner = new Counted();

  public Scope() {}

  /**
   * Hands {@code tensor} to the scope around this one, or, when there is none, to whoever closes
   * it; returns it.
   */
  @CanIgnoreReturnValue
  public Tensor keep(Tensor tensor) {
    if (outer == null) {
      tensor.owned();
    } else {
      outer.attach(tensor.torch());
    }
    return tensor;
  }

  /**
   * How many native objects this scope will free. A method that frees what it makes leaves the
   * number as it found it: so tests find leaks.
   */
  public int size() {
    return inner.size;
  }

  @Override
  public void close() {
    inner.close();
  }

  private static final class Counted extends PointerScope {
    private int size;

    @Override
    @CanIgnoreReturnValue
    public PointerScope attach(Pointer pointer) {
      size++;
      return super.attach(pointer);
    }
  }
}
