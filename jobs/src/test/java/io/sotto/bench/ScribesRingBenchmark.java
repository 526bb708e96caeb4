package io.sotto.bench;

import io.sotto.algorithm.AsyncAdam;
import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import io.sotto.model.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * E6 and E7: eight agents on a ring, who have eight parts of one text, against one agent who has
 * all of it, at equal tokens, each side at the best of a grid of steps of its own.
 *
 * @param id of the figure
 * @param about in a line
 * @param every agents exchange at every so many ticks
 * @param batch windows of an agent's update
 * @param ticks of the ring
 * @param steps that are tried on the ring, with one seed
 */
record ScribesRingBenchmark(
    String id, String about, int every, int batch, long ticks, List<Double> steps)
    implements Benchmark {

  private static final int VOCABULARY = 65;
  private static final int AGENTS = 8;
  private static final double RATE = 0.5;
  private static final int CENTRAL_BATCH = 16;
  private static final int SEEDS = 3;
  private static final double WARM_UP = 0.05;
  private static final int EVALUATED = 960;

  /** Steps that are tried by the agent who is alone. */
  private static final List<Double> CENTRAL = List.of(3e-3, 5e-3, 8e-3);

  /** An exchange at every tick. */
  static final ScribesRingBenchmark RING =
      new ScribesRingBenchmark(
          "E6",
          "eight agents on a ring against one with all texts (20 minutes)",
          1,
          2,
          1_200,
          List.of(2.5e-3, 4e-3, 6e-3));

  /** A twentieth of the exchanges. */
  static final ScribesRingBenchmark LOCAL =
      new ScribesRingBenchmark(
          "E7",
          "the same with an exchange at every twentieth tick (30 minutes)",
          20,
          1,
          4_000,
          List.of(1.5e-3, 2.5e-3, 4e-3));

  @Override
  public String heap() {
    return "2g";
  }

  /** A way to train, given a step and a seed: the loss of the worst agent. */
  @FunctionalInterface
  private interface Side {
    double loss(double step, int seed);
  }

  @Override
  public List<Figure> run(Consumer<String> log) throws Exception {
    Shakespeare text = Shakespeare.read();
    ModelShape shape = Models.small(VOCABULARY, 0);
    long tokens = (long) (ticks * RATE * AGENTS) * batch * shape.window();
    Training few = Models.training(batch);
    Training many = Models.training(CENTRAL_BATCH);
    Side ring =
        (step, seed) ->
            worst(
                text,
                new TextRun(
                    shape,
                    few,
                    text.pieces(AGENTS),
                    RATE,
                    every,
                    AsyncAdam.Moments.USUAL,
                    WARM_UP,
                    0.01,
                    ticks,
                    seed),
                step,
                log);
    Side central =
        (step, seed) ->
            worst(
                text,
                TextRun.central(shape, many, Tokens.of(text.trained()), tokens, WARM_UP, seed),
                step,
                log);
    List<Double> ofRing = new ArrayList<>();
    List<Double> ofCentral = new ArrayList<>();
    double ringStep = best(ring, steps, ofRing);
    double centralStep = best(central, CENTRAL, ofCentral);
    List<Round> rounds = new ArrayList<>();
    rounds.add(new Round(ofRing.get(0), ofCentral.get(0)));
    for (int seed = 2; seed <= SEEDS; seed++) {
      rounds.add(new Round(ring.loss(ringStep, seed), central.loss(centralStep, seed)));
    }
    return List.of(
        new Figure(
            id,
            "loss of the worst of 8 agents : of one alone with all texts",
            "nats",
            Target.atMost(1.03),
            rounds,
            String.format(
                Locale.ROOT,
                "%d tokens on both sides, clock 0.5, %d ticks, an exchange at every %s; step %s of %s"
                    + " (twice that by its clock), alone %s of %s",
                tokens,
                ticks,
                every == 1 ? "tick" : every + " ticks",
                ringStep,
                steps,
                centralStep,
                CENTRAL)));
  }

  /** The step of the least loss with the first seed; that loss becomes the first of a list. */
  private static double best(Side side, List<Double> steps, List<Double> losses) {
    double best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double step : steps) {
      double loss = side.loss(step, 1);
      if (loss < least) {
        least = loss;
        best = step;
      }
    }
    losses.add(least);
    return best;
  }

  private static double worst(Shakespeare text, TextRun run, double step, Consumer<String> log) {
    TextRun.End end = run.end(step);
    double worst = 0;
    for (double[] x : end.estimates()) {
      worst = Math.max(worst, text.loss(run.shape(), x, EVALUATED));
    }
    log.accept(
        String.format(
            Locale.ROOT,
            "%d agents, seed %d, step %s: %.4f in %.0f CPU seconds",
            end.estimates().length,
            run.seed(),
            step,
            worst,
            end.seconds()));
    return worst;
  }
}
