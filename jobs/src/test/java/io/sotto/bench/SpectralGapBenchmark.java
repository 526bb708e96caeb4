package io.sotto.bench;

import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import io.sotto.network.Network;
import io.sotto.network.SpectralGap;
import io.sotto.problem.LinearModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * C6: ticks to a relative gap of 1e-6 on four networks of 64 agents, against the theory: with a
 * penalty that suits, alternating directions over a network need a number of iterations for each
 * digit that grows like 1 / sqrt(gap), gap being the spectral gap, where gradient descent and
 * averaging need 1 / gap (Franca and Bento, "How is distributed ADMM affected by network
 * topology?", arXiv:1710.00889, who prove it of quadratic consensus costs and the gap of the random
 * walk; here it is that of the mixing matrix). The one constant is the geometric mean over the
 * four.
 */
final class SpectralGapBenchmark implements Benchmark {
  private static final List<String> TOPOLOGIES = List.of("ring", "torus", "regular", "complete");
  private static final int AGENTS = 64;
  private static final int ROWS_EACH = 5;
  private static final int FEATURES = 20;
  private static final int CELLS = 4;
  private static final double GAP = 1e-6;
  private static final double FACTOR = 3;
  private static final int EVERY = 2;
  private static final int WIDTH = 60;
  private static final int HEIGHT = 14;

  /** What was measured on a network. */
  private record Point(String topology, double gap, GapRun run) {
    double bare() {
      return 1 / Math.sqrt(gap);
    }
  }

  @Override
  public String id() {
    return "C6";
  }

  @Override
  public String about() {
    return "ticks to a gap of 1e-6 on four networks, against the theory of the spectral gap";
  }

  @Override
  public String heap() {
    return "1g";
  }

  @Override
  public List<Figure> run(Consumer<String> log) {
    GaussianRows rows = new GaussianRows(AGENTS, ROWS_EACH, FEATURES, Problems.SEED);
    double optimum =
        PooledNewton.optimum((LinearModel) rows.load(IntStream.range(0, AGENTS).toArray()));
    List<Figure> figures = new ArrayList<>();
    for (boolean always : new boolean[] {false, true}) {
      List<Point> points = new ArrayList<>();
      for (String topology : TOPOLOGIES) {
        Network network = Problems.network(topology, AGENTS);
        Plan some = Problems.plan(network, rows, CELLS, 1).perLink(true);
        Plan plan = always ? Problems.always(some) : some;
        try (Coordinator carrier = new LocalCoordinator(plan, 1)) {
          points.add(
              new Point(
                  topology,
                  SpectralGap.of(network).gap(),
                  GapRun.of(plan, carrier, optimum, GAP, EVERY, log)));
        }
      }
      double constant =
          Math.exp(
              points.stream()
                  .mapToDouble(p -> Math.log(p.run.ticks() / p.bare()))
                  .average()
                  .orElseThrow());
      String clock = always ? "always" : "bernoulli 0.5";
      log.accept(
          "clock %s: ticks (o) and %.0f / sqrt(spectral gap) (-), both axes logarithmic"
              .formatted(clock, constant));
      plot(points, constant).forEach(log);
      for (Point point : points) {
        figures.add(
            new Figure(
                "C6-" + point.topology + (always ? "-always" : ""),
                "ticks to a gap of 1e-6, 64 agents, %s : %.0f / sqrt(spectral gap)"
                    .formatted(point.topology, constant),
                "ticks",
                Target.within(FACTOR),
                List.of(new Round(point.run.ticks(), constant * point.bare())),
                String.format(
                    Locale.ROOT,
                    "spectral gap %.4g; %s",
                    point.gap,
                    point.run.text(clock, AGENTS))));
      }
    }
    return figures;
  }

  /** Lines of text: from left to right 1 / sqrt(gap), upwards ticks. */
  private static List<String> plot(List<Point> points, double constant) {
    double right = Math.log(points.stream().mapToDouble(Point::bare).max().orElseThrow());
    double left = Math.log(points.stream().mapToDouble(Point::bare).min().orElseThrow());
    double low = Math.log(constant) + left - Math.log(FACTOR);
    double high = Math.log(constant) + right + Math.log(FACTOR);
    char[][] cells = new char[HEIGHT][WIDTH];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double law = Math.log(constant) + left + (right - left) * x / (WIDTH - 1);
        cells[y][x] = row(law, low, high) == y ? '-' : ' ';
      }
    }
    for (Point p : points) {
      int x = (int) Math.round((WIDTH - 1) * (Math.log(p.bare()) - left) / (right - left));
      int y = row(Math.log(p.run.ticks()), low, high);
      cells[Math.max(0, Math.min(HEIGHT - 1, y))][x] = 'o';
    }
    List<String> lines = new ArrayList<>();
    for (int y = 0; y < HEIGHT; y++) {
      double ticks = Math.exp(high - (high - low) * y / (HEIGHT - 1));
      lines.add(
          String.format(Locale.ROOT, "%7.0f |%s", ticks, new String(cells[y]).stripTrailing()));
    }
    lines.add("        +" + "-".repeat(WIDTH));
    lines.add(
        String.format(
            Locale.ROOT, "        %-30.3g%30.3g  1 / sqrt(gap)", Math.exp(left), Math.exp(right)));
    return lines;
  }

  private static int row(double log, double low, double high) {
    return (int) Math.round((HEIGHT - 1) * (high - log) / (high - low));
  }
}
