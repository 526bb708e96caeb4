package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every operation of every implementation on the same numbers: those in floats agree to the
 * last bit, and with doubles within rounding.
 */
class KernelsContractTest {
  private static final int HEADS = 3;
  private static final int[] WIDTHS = {1, 5, 16, 33, 48, 66};
  private static final int[] ROWS = {1, 3, 8, 21, 70};

  /** One implementation at work on numbers that are drawn from a seed. */
  private static final class Bench {
    final Kernels kernels;
    final SplittableRandom random;
    final List<Tensor> results = new ArrayList<>();
    final List<double[]> numbers = new ArrayList<>();

    Bench(Kernels kernels, long seed) {
      this.kernels = kernels;
      this.random = new SplittableRandom(seed);
    }

    double[] numbers(int count) {
      double[] drawn = new double[count];
      for (int k = 0; k < count; k++) {
        drawn[k] = (float) (4 * random.nextDouble() - 2);
      }
      return drawn;
    }

    Tensor drawn(int rows, int columns) {
      Tensor tensor = kernels.tensor(rows, columns);
      kernels.write(numbers(rows * columns), 0, tensor);
      return tensor;
    }

    /** What an operation writes to; it may add to what is there. */
    Tensor result(int rows, int columns) {
      Tensor tensor = drawn(rows, columns);
      results.add(tensor);
      return tensor;
    }

    double[] result(int count) {
      double[] array = new double[count];
      numbers.add(array);
      return array;
    }

    int[] rows(int count, int of) {
      int[] rows = new int[count];
      for (int k = 0; k < count; k++) {
        rows[k] = random.nextInt(of);
      }
      return rows;
    }

    double[] all() {
      int count = results.stream().mapToInt(t -> t.rows() * t.columns()).sum();
      count += numbers.stream().mapToInt(a -> a.length).sum();
      double[] all = new double[count];
      int at = 0;
      for (Tensor tensor : results) {
        kernels.read(tensor, all, at);
        at += tensor.rows() * tensor.columns();
      }
      for (double[] array : numbers) {
        System.arraycopy(array, 0, all, at, array.length);
        at += array.length;
      }
      return all;
    }
  }

  @FunctionalInterface
  private interface Operation {
    void run(Bench b, Kernels k, int rows, int width);
  }

  private static Map<String, Operation> operations() {
    Map<String, Operation> all = new LinkedHashMap<>();
    all.put("zero", (b, k, m, n) -> k.zero(b.result(m, n)));
    all.put("copy", (b, k, m, n) -> k.copy(b.drawn(m, n), b.result(m, n)));
    all.put("transpose", (b, k, m, n) -> k.transpose(b.drawn(m, n), b.result(n, m)));
    all.put("add", (b, k, m, n) -> k.add(b.drawn(m, n), b.result(m, n)));
    all.put("product", (b, k, m, n) -> k.product(b.drawn(m, 19), b.drawn(19, n), b.result(m, n)));
    all.put(
        "productDeep", (b, k, m, n) -> k.product(b.drawn(m, 300), b.drawn(300, n), b.result(m, n)));
    all.put(
        "productTransposed",
        (b, k, m, n) -> k.productTransposed(b.drawn(m, 19), b.drawn(n, 19), b.result(m, n)));
    all.put(
        "transposedProduct",
        (b, k, m, n) -> k.transposedProduct(b.drawn(150, m), b.drawn(150, n), b.result(m, n)));
    all.put(
        "rmsNorm",
        (b, k, m, n) -> k.rmsNorm(b.drawn(m, n), b.drawn(1, n), b.result(m, n), b.result(m, 1)));
    all.put(
        "rmsNormBack",
        (b, k, m, n) ->
            k.rmsNormBack(
                b.drawn(m, n),
                b.drawn(1, n),
                b.drawn(m, 1),
                b.drawn(m, n),
                b.result(m, n),
                b.result(1, n)));
    all.put("swiglu", (b, k, m, n) -> k.swiglu(b.drawn(m, 2 * n), b.result(m, n)));
    all.put(
        "swigluBack",
        (b, k, m, n) -> k.swigluBack(b.drawn(m, 2 * n), b.drawn(m, n), b.result(m, 2 * n)));
    all.put("gather", (b, k, m, n) -> k.gather(b.drawn(9, n), b.rows(m + 2, 9), 2, b.result(m, n)));
    all.put(
        "scatterAdd",
        (b, k, m, n) -> k.scatterAdd(b.drawn(m, n), b.rows(m + 2, 9), 2, b.result(9, n)));
    all.put(
        "addRows",
        (b, k, m, n) ->
            k.addRows(b.drawn(9, n), b.rows(2 * m, 9), b.numbers(2 * m), 1, 2, b.result(m, n)));
    all.put(
        "spreadRows",
        (b, k, m, n) ->
            k.spreadRows(b.drawn(m, n), b.rows(2 * m, 9), b.numbers(2 * m), 1, 2, b.result(9, n)));
    all.put(
        "rowDots",
        (b, k, m, n) ->
            k.rowDots(b.drawn(m, n), b.drawn(9, n), b.rows(2 * m, 9), b.result(2 * m), 1, 2));
    all.put("sigmoid", (b, k, m, n) -> k.sigmoid(b.drawn(m, n), b.result(m, n)));
    all.put(
        "rotate",
        (b, k, m, n) -> k.rotate(b.result(m, HEADS * (n + 4)), HEADS, n, b.rows(m, 99), false));
    all.put(
        "rotateBack",
        (b, k, m, n) -> k.rotate(b.result(m, HEADS * (n + 4)), HEADS, n, b.rows(m, 99), true));
    all.put(
        "split",
        (b, k, m, n) ->
            k.split(
                b.drawn(m, 2 * n * HEADS),
                b.drawn(m, 4),
                HEADS,
                b.result(m, (n + 4) * HEADS),
                b.result(m, n * HEADS)));
    all.put(
        "splitBack",
        (b, k, m, n) ->
            k.splitBack(
                b.drawn(m, (n + 4) * HEADS),
                b.drawn(m, n * HEADS),
                HEADS,
                b.result(m, 2 * n * HEADS),
                b.result(m, 4)));
    all.put("attention", KernelsContractTest::attention);
    all.put(
        "attend",
        (b, k, m, n) ->
            k.attend(
                b.drawn(1, (n + 2) * HEADS),
                b.drawn(n + 2, m + 5),
                3,
                m + 1,
                HEADS,
                0.4f,
                b.result(1, n * HEADS)));
    all.put("crossEntropy", KernelsContractTest::crossEntropy);
    all.put(
        "quantize",
        (b, k, m, n) -> {
          k.quantize(b.drawn(m, n), 1, 16, b.result(m, n));
          k.quantize(b.drawn(m, n), 16, 16, b.result(m, n));
        });
    return all;
  }

  private static void attention(Bench b, Kernels k, int m, int n) {
    int tokens = 2 * m;
    Tensor q = b.drawn(tokens, (n + 2) * HEADS);
    Tensor keys = b.drawn(tokens, (n + 2) * HEADS);
    Tensor values = b.drawn(tokens, n * HEADS);
    Tensor p = k.tensor(tokens * HEADS, m);
    k.attention(q, keys, values, m, HEADS, new int[0], p, b.result(tokens, n * HEADS));
    int[] first = new int[tokens];
    Arrays.setAll(first, i -> i % m / 3 * 3); // documents of three tokens
    k.attention(q, keys, values, m, HEADS, first, p, b.result(tokens, n * HEADS));
    k.attentionBack(
        q,
        keys,
        values,
        m,
        HEADS,
        p,
        b.drawn(tokens, n * HEADS),
        b.result(tokens, (n + 2) * HEADS),
        b.result(tokens, (n + 2) * HEADS),
        b.result(tokens, n * HEADS));
  }

  private static void crossEntropy(Bench b, Kernels k, int m, int n) {
    Tensor logits = b.result(m, n);
    int[] targets = b.rows(m, n);
    k.crossEntropy(logits, targets, b.result(m));
    k.crossEntropyBack(logits, targets, b.numbers(m), b.result(m, n));
  }

  @TestFactory
  Stream<DynamicTest> everyOperation() {
    return operations().entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getValue())));
  }

  private static void check(Operation operation) {
    for (int rows : ROWS) {
      for (int width : WIDTHS) {
        Function<Kernels, double[]> run =
            kernels -> {
              Bench bench = new Bench(kernels, 31L * rows + width);
              operation.run(bench, kernels, rows, width);
              return bench.all();
            };
        double[] plain = run.apply(new PlainKernels());
        assertThat(plain).isNotEmpty();
        assertThat(run.apply(new WideKernels())).as("%d x %d", rows, width).isEqualTo(plain);
        double[] exact = run.apply(new DoubleKernels());
        for (int k = 0; k < plain.length; k++) {
          assertThat(plain[k])
              .as("%d x %d", rows, width)
              .isCloseTo(exact[k], within(2e-5 * (1 + Math.abs(exact[k]))));
        }
      }
    }
  }
}
