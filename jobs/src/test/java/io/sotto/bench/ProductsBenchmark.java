package io.sotto.bench;

import io.sotto.model.Kernels;
import io.sotto.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** E1: products of matrices against what one core can do at all, by turns. */
final class ProductsBenchmark implements Benchmark {
  private static final int ROUNDS = 5;
  private static final int RUNS = 300;
  private static final int WARM = 4_000;
  private static final int TOKENS = 1024;

  /** Tokens of an expert: each of 1,024 has two of eight. */
  private static final int ROUTED = 256;

  /** The products of a step of {@link Models#large}, attention's own aside: m, n, k, how many. */
  private static final int[][] STEP = {
    {TOKENS, 64, 128, 5}, // queries, down
    {TOKENS, 192, 64, 5}, // queries, up
    {TOKENS, 48, 128, 5}, // latent, down
    {TOKENS, 256, 32, 5}, // latent, up
    {TOKENS, 128, 128, 5}, // what attention adds
    {TOKENS, 704, 128, 1},
    {TOKENS, 128, 352, 1},
    {TOKENS, 8, 128, 4}, // gates
    {TOKENS, 128, 128, 4}, // shared experts
    {TOKENS, 128, 64, 4},
    {ROUTED, 128, 128, 32}, // experts
    {ROUTED, 128, 64, 32},
    {TOKENS, 128, 128, 2}, // what is predicted ahead
    {TOKENS, 66, 128, 2} // the head
  };

  @Override
  public String id() {
    return "E1";
  }

  @Override
  public String about() {
    return "products of matrices against the core's ceiling";
  }

  @Override
  public String heap() {
    return "512m";
  }

  /** Three products of one shape: forward, and those of both gradients. */
  private static final class Shape {
    private final Kernels kernels = Kernels.fastest();
    private final Tensor a;
    private final Tensor b;
    private final Tensor c;
    private final Tensor da;
    private final Tensor db;
    private final double flops;
    private final int count;

    Shape(int m, int n, int k, int count) {
      a = drawn(m, k);
      b = drawn(k, n);
      c = drawn(m, n);
      da = drawn(m, k);
      db = drawn(k, n);
      flops = 2.0 * m * n * k;
      this.count = count;
    }

    private Tensor drawn(int rows, int columns) {
      Tensor tensor = kernels.tensor(rows, columns);
      double[] numbers = new Random(1).doubles(rows * (long) columns, -1e-3, 1e-3).toArray();
      kernels.write(numbers, 0, tensor);
      return tensor;
    }

    void forward() {
      kernels.product(a, b, c);
    }

    void back() {
      kernels.productTransposed(c, b, da);
    }

    void weights() {
      kernels.transposedProduct(a, c, db);
    }

    /** Seconds that all products of this shape take in a step. */
    double seconds() {
      return count * (best(this::forward) + best(this::back) + best(this::weights));
    }
  }

  /** The least seconds of a call: what else runs on the machine only adds. */
  private static double best(Runnable call) {
    long least = Long.MAX_VALUE;
    for (int r = 0; r < RUNS; r++) {
      long begin = System.nanoTime();
      call.run();
      least = Math.min(least, System.nanoTime() - begin);
    }
    return least * 1e-9;
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    FusedPeak peak = new FusedPeak();
    List<Shape> shapes = new ArrayList<>();
    for (int[] s : STEP) {
      shapes.add(new Shape(s[0], s[1], s[2], s[3]));
    }
    Shape wide = new Shape(1008, 192, 128, 1);
    for (int w = 0; w < WARM; w++) {
      wide.forward();
      peak.run();
    }
    shapes.forEach(Shape::seconds);
    Rounds.Side ceiling = () -> FusedPeak.FLOPS / best(peak::run) * 1e-9;
    double all = 3 * shapes.stream().mapToDouble(s -> s.flops * s.count).sum();
    List<Round> alone =
        Rounds.alternating(ROUNDS, () -> wide.flops / best(wide::forward) * 1e-9, ceiling, log);
    List<Round> step =
        Rounds.alternating(
            ROUNDS,
            () -> all / shapes.stream().mapToDouble(Shape::seconds).sum() * 1e-9,
            ceiling,
            log);
    for (Shape shape : shapes) {
      log.accept(
          String.format(
              Locale.ROOT,
              "%d x %d x %d: %.0f, %.0f, %.0f Gflop/s",
              shape.c.rows(),
              shape.c.columns(),
              shape.a.columns(),
              shape.flops / best(shape::forward) * 1e-9,
              shape.flops / best(shape::back) * 1e-9,
              shape.flops / best(shape::weights) * 1e-9));
    }
    return List.of(
        new Figure(
            "E1-wide",
            "product of 1008 x 128 and 128 x 192 : fused multiply-adds of one core",
            "Gflop/s",
            Target.atLeast(0.8),
            alone,
            "best of 300 calls on both sides, in one thread"),
        new Figure(
            "E1-step",
            "all products of a step, weighted by time : the same",
            "Gflop/s",
            Target.atLeast(0.6),
            step,
            "forward and both gradients, 1.33 M parameters, 1,024 tokens; without those inside attention"));
  }
}
