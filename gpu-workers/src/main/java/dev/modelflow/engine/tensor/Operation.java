package dev.modelflow.engine.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;

/** An operation that libtorch has and its Java bindings leave out, found by its name. */
public final class Operation {
  private final OperatorHandle handle;

  /**
   * Looks the operation up.
   *
   * @param name in libtorch's own namespace, such as {@code mm}
   */
  public Operation(String name) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      handle = Dispatcher.singleton().findSchemaOrThrow("aten::" + name, "").retainReference();
    }
  }

  /**
   * Calls it.
   *
   * @param arguments all that it takes, in its order
   * @return its results, all of them tensors, in the caller's scope
   */
  public List<Tensor> call(IValue... arguments) {
    IValueVector stack = new IValueVector(arguments);
    handle.callBoxed(stack);
    List<Tensor> results = new ArrayList<>();
    for (long i = 0; i < stack.size(); i++) {
      results.add(new Tensor(stack.get(i).toTensor()));
    }
    return results;
  }
}
