package org.onset.tensor;

import java.util.Optional;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Type;

/**
 * An operator of libtorch that the binding has no method for, as of all whose names begin with an
 * underscore. Held in constants; called inside a scope, which frees what a call makes.
 */
final class Operator {
  static {
    Libtorch.load();
  }

  private final OperatorHandle handle;

  /** The operator of that name, such as {@code aten::add}; libtorch may be built without it. */
  static Optional<Operator> find(String name) {
    try {
      return Optional.of(new Operator(name));
    } catch (RuntimeException e) {
      if (String.valueOf(e.getMessage()).contains("Could not find schema")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  Operator(String name) {
    this.handle = Dispatcher.singleton().findSchemaOrThrow(name, "");
    handle.retainReference(); // outlives the scope in which the constant happens to be made
  }

  /** Calls it with its arguments in order; what it returns lies in the vector given back. */
  IValueVector call(IValue... arguments) {
    IValueVector stack = new IValueVector();
    for (IValue argument : arguments) {
      stack.push_back(argument);
    }
    handle.callBoxed(stack);
    return stack;
  }

  /** An empty list for argument number {@code index}, which takes a list. */
  IValue emptyList(int index) {
    Type.TypePtr list = handle.schema().arguments().getPointer(index).type().get().containedType(0);
    return new IValue(new GenericList(list));
  }

  /** A list of tensors, of the type that the operator's first argument has. */
  IValue list(Tensor... tensors) {
    Type.TypePtr element = handle.schema().arguments().type().get().containedType(0);
    GenericList list = new GenericList(element);
    for (Tensor tensor : tensors) {
      list.push_back(new IValue(tensor.torch()));
    }
    return new IValue(list);
  }

  /** The tensor that a call returned as its result number {@code index}. */
  static Tensor result(IValueVector stack, int index) {
    // The vector's own element would die with it.
    return new Tensor(new org.bytedeco.pytorch.Tensor(stack.get(index).toTensor()));
  }
}
