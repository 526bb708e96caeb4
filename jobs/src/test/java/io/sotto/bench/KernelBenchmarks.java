package io.sotto.bench;

import io.sotto.engine.Cell;
import io.sotto.engine.MixingRows;
import io.sotto.engine.Plan;
import io.sotto.network.CellPartition;
import io.sotto.problem.Ball;
import io.sotto.problem.Box;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Coordinates;
import io.sotto.problem.DenseRows;
import io.sotto.problem.L1Ball;
import io.sotto.problem.LinearModel;
import io.sotto.problem.Logistic;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Rows;
import io.sotto.problem.Simplex;
import io.sotto.problem.SparseRows;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The kernels alone, on arrays that stay in the cache; microseconds a call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KernelBenchmarks {
  private static final long SEED = 5;
  private static final int ROWS = 100;

  /** Runs those that match a regular expression, each in a JVM of its own; JMH prints its table. */
  static void run(String regex) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(regex)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true)
                .jvmArgs(Child.options().toArray(String[]::new))
                .jvmArgsAppend("-Xmx512m")
                .build())
        .run();
  }

  /** Two vectors. */
  @State(Scope.Thread)
  public static class Pair {
    @Param({"100", "10000"})
    int n = ROWS;

    double[] a = {};
    double[] b = {};

    /** Fills them. */
    @Setup
    public void fill() {
      Random random = new Random(SEED);
      a = random.doubles(n, -1, 1).toArray();
      b = random.doubles(n, -1, 1).toArray();
    }
  }

  /** The inner product of two vectors. */
  @Benchmark
  public double dot(Pair pair) {
    return Vectors.dot(pair.a, 0, pair.b, 0, pair.n);
  }

  /** A multiple of one vector onto another. */
  @Benchmark
  public double[] addScaled(Pair pair) {
    Vectors.addScaled(1e-9, pair.a, 0, pair.b, 0, pair.n);
    return pair.b;
  }

  /** One agent's rows, dense: 100 x 100; sparse: 100 x 8,000 with 80 entries in each. */
  @State(Scope.Thread)
  public static class Shard {
    @Param({"dense", "sparse"})
    String kind = "";

    Rows rows = new DenseRows(0, new int[1], new double[0], new double[0]);
    LinearModel model = model(rows);
    double[] x = {};
    double[] out = {};
    double[] margins = {};

    /** Fills it. */
    @Setup
    public void fill() {
      Random random = new Random(SEED);
      double[] labels = random.ints(ROWS, 0, 2).mapToDouble(bit -> 2 * bit - 1).toArray();
      rows = kind.equals("dense") ? dense(random, labels) : sparse(random, labels);
      model = model(rows);
      x = random.doubles(rows.features(), -0.1, 0.1).toArray();
      out = new double[rows.features()];
      margins = new double[Rows.BLOCK];
    }

    private static Rows dense(Random random, double[] labels) {
      int features = 100;
      double[] values = random.doubles(ROWS * features, -1, 1).toArray();
      return new DenseRows(features, new int[] {0, ROWS}, labels, values);
    }

    private static Rows sparse(Random random, double[] labels) {
      int features = 8000;
      int entries = 80;
      int[] offset = new int[ROWS + 1];
      int[] index = new int[ROWS * entries];
      for (int row = 0; row < ROWS; row++) {
        offset[row + 1] = offset[row] + entries;
        int[] drawn = random.ints(0, features).distinct().limit(entries).sorted().toArray();
        System.arraycopy(drawn, 0, index, offset[row], entries);
      }
      double[] values = random.doubles(index.length, -1, 1).toArray();
      return new SparseRows(features, new int[] {0, ROWS}, labels, offset, index, values);
    }

    private static LinearModel model(Rows rows) {
      return new LinearModel(rows, new Logistic(), new Regularizer(0, 0), 1e-5, 1e-3, false, null);
    }
  }

  /** For each of the 100 rows an inner product, and the row times that onto a vector. */
  @Benchmark
  public double[] rows(Shard shard) {
    double[] margins = shard.margins;
    for (int from = 0; from < ROWS; from += margins.length) {
      int to = Math.min(ROWS, from + margins.length);
      shard.rows.dots(from, to, shard.x, 0, margins);
      shard.rows.addScaled(from, to, margins, shard.out);
    }
    return shard.out;
  }

  /** One subgradient of a logistic f_i with 100 rows. */
  @Benchmark
  public double[] subgradient(Shard shard) {
    shard.model.subgradient(0, 0, shard.x, 0, shard.out);
    return shard.out;
  }

  /** A cell of 100 agents, each of which hears four others and itself. */
  @State(Scope.Thread)
  public static class Neighbours {
    final DenseProblem problem = DenseProblem.of(100, 100, 1);
    final Plan plan = problem.plan(CellPartition.contiguous(100, 1), 1);
    final int[] agents = IntStream.range(0, 100).toArray();
    final Cell cell =
        new Cell(
            plan,
            new MixingRows(
                0,
                agents,
                problem.network().offset(),
                problem.network().heard(),
                problem.network().weight()),
            List.of(),
            plan.shards().load(agents));
    final double[] said = new Random(SEED).doubles(100 * 100, -1, 1).toArray();
    final double[] mixed = new double[said.length];
  }

  /** The mix of one agent: five estimates of 100 coordinates. */
  @Benchmark
  public double[] mix(Neighbours all) {
    all.cell.mix(50, all.said, all.said, all.mixed, 5000, 100);
    return all.mixed;
  }

  /** A set, and a point outside of it. */
  @State(Scope.Thread)
  public static class Outside {
    private static final Map<String, ConstraintSet> SETS =
        Map.of(
            "ball", new Ball(Coordinates.NONE, 1),
            "box", new Box(Coordinates.of(-0.3), Coordinates.of(0.3)),
            "simplex", new Simplex(1),
            "l1-ball", new L1Ball(1));

    @Param({"ball", "box", "simplex", "l1-ball"})
    String set = "";

    @Param({"100", "10000"})
    int n = ROWS;

    ConstraintSet chosen = new Simplex(1);
    double[] point = {};
    double[] x = {};
    double[] work = {};

    /** Draws the point. */
    @Setup
    public void fill() {
      chosen = Objects.requireNonNull(SETS.get(set), set);
      point = new Random(SEED).doubles(n, -1, 1).toArray();
      x = Arrays.copyOf(point, n);
      work = new double[chosen.scratch(n)];
    }
  }

  /** A projection, with a copy of the point to begin with. */
  @Benchmark
  public double[] project(Outside outside) {
    System.arraycopy(outside.point, 0, outside.x, 0, outside.n);
    outside.chosen.project(outside.x, 0, outside.n, outside.work, 0);
    return outside.x;
  }
}
