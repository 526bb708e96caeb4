package io.sotto.model;

import io.sotto.problem.HeapArrays;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/** What a thread needs to compute gradients in. */
public final class Workspaces {
  private Workspaces() {}

  /**
   * The bytes of all matrices: those that a computation asks for, which is run without arithmetic.
   */
  public static long bytes(ModelShape shape, Training training) {
    Layout layout = new Layout(shape);
    AtomicLong bytes = new AtomicLong();
    Kernels counting =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, arguments) -> {
                  if (!method.getName().equals("tensor")) {
                    return null;
                  }
                  int rows = (Integer) arguments[0];
                  int columns = (Integer) arguments[1];
                  long numbers = (long) rows * CpuKernels.padded(columns);
                  bytes.addAndGet(HeapArrays.bytes(1, numbers * Float.BYTES));
                  return new Tensor(new Object(), 0, rows, columns, columns);
                });
    Tokens text = Tokens.of(new int[LanguageCosts.span(shape)]);
    Batch batch = Batch.of(text, new int[training.batch()], shape.window(), shape.mtp(), -1);
    double[] x = new double[layout.dimension()];
    new LanguageModel(layout, training, counting).gradient(x, 0, batch, x.clone());
    return bytes.get();
  }
}
