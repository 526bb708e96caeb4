package io.sotto.run;

import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.IdleRule;
import io.sotto.clock.ActivationModels;
import io.sotto.network.Delay;
import io.sotto.network.MixingRule;
import io.sotto.network.MixingRules;
import io.sotto.network.Ring;
import io.sotto.problem.ConstraintSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a run is decided from, the problem aside: values, wherever they come from. Where a value may
 * be left to Sotto ({@code auto} in a configuration) an empty one stands for that. Agents are
 * named, since who they are is known once the problem has been looked at.
 *
 * @param constraints the sets whose intersection holds the coefficients
 * @param network who hears whom
 * @param clock when agents update
 * @param algorithm how they update
 * @param privacy what protects them
 * @param engine what computes it
 * @param stop when it ends
 * @param seed of everything random that has no seed of its own
 */
public record RunSettings(
    List<Constraint> constraints,
    Network network,
    Clock clock,
    Algorithm algorithm,
    Privacy privacy,
    Engine engine,
    Stop stop,
    long seed) {

  /**
   * What stands in {@code sotto-reference.conf}: a ring, Bernoulli clocks of rate 0.5, all auto.
   */
  public static RunSettings defaults() {
    return new RunSettings(
        List.of(),
        new Network(
            new Wiring.Drawn(Part.of("ring", Map.of(), new Ring())),
            Part.of(MixingRules.REGISTRY, "network.weights", "metropolis", "network", Map.of()),
            OptionalLong.empty(),
            1,
            0,
            new Late(Delay.Model.NONE, 0)),
        new Clock(
            Part.of(ActivationModels.REGISTRY, "clock.model", "bernoulli", "clock", Map.of()),
            0.5,
            Map.of(),
            IdleRule.MIX,
            new Offline(0, 50, Map.of(), Map.of())),
        new Algorithm(
            Algorithm.AUTO,
            false,
            Scale.AUTO,
            new Step(OptionalDouble.empty(), 0.51),
            Algorithms.COORDINATES,
            Stepping.usual()),
        new Privacy(
            Mechanism.OFFSETS,
            true,
            OptionalDouble.empty(),
            Shape.AUTO,
            1,
            OptionalDouble.empty(),
            1e-6,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty()),
        new Engine(EngineName.AUTO, OptionalInt.empty(), OptionalInt.empty()),
        new Stop(20_000, 1e-3, 1e-3, OptionalInt.empty(), Duration.ofHours(4), false, 500, true),
        1);
  }

  /**
   * One set.
   *
   * @param agents the names of those whom it binds; empty for all
   * @param units of the coefficients that it binds
   */
  public record Constraint(Part<ConstraintSet> set, List<String> agents, Units units) {

    /** One of coefficients in the units in which the problem is solved. */
    public Constraint(Part<ConstraintSet> set, List<String> agents) {
      this(set, agents, Units.SOLVED);
    }

    /** The path of the constraint of that index in a configuration, for messages. */
    public static String key(int index) {
      return "problem.constraints[" + index + "]";
    }
  }

  /** The units of coefficients. */
  public enum Units {
    /** Those in which the problem is solved: of standardized columns, if columns are. */
    SOLVED,
    /** Those of the columns as they are. */
    ORIGINAL
  }

  /**
   * Who hears whom.
   *
   * @param wiring who is linked to whom
   * @param weights the rule of the mixing matrix, where an edge list has no weights
   * @param seed draws random links; empty for the seed of the run
   * @param linkRate the probability that a link is up at a tick, in (0, 1]
   * @param loss the probability that a message is lost, in [0, 1)
   * @param delay how late messages are
   */
  public record Network(
      Wiring wiring,
      Part<MixingRule> weights,
      OptionalLong seed,
      double linkRate,
      double loss,
      Late delay) {}

  /** How late messages are: at most so many ticks. */
  public record Late(Delay.Model model, int ticks) {}

  /**
   * When agents update.
   *
   * @param rate the probability per tick; of a Poisson clock, how often it rings in one
   * @param rates those of agents whose rate is another one, by name
   * @param idle what an agent does at a tick at which its clock does not ring
   * @param offline when agents are offline
   */
  public record Clock(
      Part<ActivationModels.Family> model,
      double rate,
      Map<String, Double> rates,
      IdleRule idle,
      Offline offline) {

    /** The name of the model under which all agents are active at all ticks. */
    public static final String ALWAYS = "always";

    /** Whether all agents are active at all ticks. */
    public boolean always() {
      return model.name().equals(ALWAYS);
    }
  }

  /**
   * When agents are offline.
   *
   * @param rate the probability in each block
   * @param duration ticks in a block
   * @param rates probabilities of agents for which it is another one, by name
   * @param intervals first and last ticks, by name
   */
  public record Offline(
      double rate, int duration, Map<String, Double> rates, Map<String, List<Ticks>> intervals) {}

  /** From one tick to another, both included. */
  public record Ticks(long first, long last) {}

  /**
   * How agents update.
   *
   * @param name of a method, or {@link #AUTO}
   * @param allowLeaking whether auto may choose a method that the privacy argument does not cover
   * @param scale the coordinates in which it is computed
   * @param coordinates up to how many second derivatives are summed by methods that sum them
   * @param stepping how steps go on
   */
  public record Algorithm(
      String name,
      boolean allowLeaking,
      Scale scale,
      Step step,
      int coordinates,
      Stepping stepping) {
    /** The name that asks for the method that fits. */
    public static final String AUTO = "auto";

    /** The same by another method. */
    Algorithm named(String other) {
      return new Algorithm(other, allowLeaking, scale, step, coordinates, stepping);
    }

    Algorithm step(Step other) {
      return new Algorithm(name, allowLeaking, scale, other, coordinates, stepping);
    }

    /** The same with steps that go on in another way. */
    public Algorithm stepping(Stepping other) {
      return new Algorithm(name, allowLeaking, scale, step, coordinates, other);
    }
  }

  /** The coordinates in which a run is computed; the problem stays the same. */
  public enum Scale {
    /** Those that suit the solver, made from means and deviations of columns. */
    AUTO,
    /** Those of the problem. */
    NONE
  }

  /** The schedule {@code initial / t^exponent}; {@code initial} is empty for auto. */
  public record Step(OptionalDouble initial, double exponent) {}

  /**
   * What protects agents.
   *
   * @param byDefault whether nobody asked for it: then it gives way where it does not apply
   * @param scale of offsets, as a multiple of what they hide; of the vectors of function sharing,
   *     in units of 1 / agents; empty for what suits the method
   * @param shape of offsets
   * @param spread of private steps, as a fraction of the schedule
   * @param epsilon there with differential privacy of either kind
   * @param delta of differential privacy
   * @param clip of differential privacy of either kind; empty for auto
   * @param noise of differential privacy; empty for auto
   * @param honest how many agents are taken to be honest, for rows; empty for a majority
   */
  public record Privacy(
      Mechanism mechanism,
      boolean byDefault,
      OptionalDouble scale,
      Shape shape,
      double spread,
      OptionalDouble epsilon,
      double delta,
      OptionalDouble clip,
      OptionalDouble noise,
      OptionalInt honest) {
    static final double CLIP = 1; // where nothing says another

    /** The same with another mechanism, which is asked for. */
    public Privacy with(Mechanism other) {
      return new Privacy(other, false, scale, shape, spread, epsilon, delta, clip, noise, honest);
    }
  }

  /** The mechanisms. */
  public enum Mechanism {
    /** What methods do by themselves. */
    NONE,
    /** Linear terms that cancel, out of keys that agents share. */
    OFFSETS,
    /** Masks on what agents add to sums. */
    SUMS,
    /** The same with noise that hides rows. */
    ROWS,
    /** Linear terms that cancel, out of vectors that neighbours exchange. */
    FUNCTION_SHARING,
    /** Random steps. */
    PRIVATE_STEPS,
    /** Clipping and noise. */
    DIFFERENTIAL_PRIVACY
  }

  /** What offsets are shaped by. */
  public enum Shape {
    /** Full where offsets cancel and a certificate sums second derivatives, else diagonal. */
    AUTO,
    /** The second moments of columns. */
    DIAGONAL,
    /** The second moments of columns and of pairs of columns. */
    FULL
  }

  /** What computes it; empty numbers for auto. */
  public record Engine(EngineName name, OptionalInt cells, OptionalInt ticksPerSuperstep) {}

  /** The engines. */
  public enum EngineName {
    /** Whichever fits. */
    AUTO,
    /** Threads of one process. */
    LOCAL,
    /** Spark. */
    GRAPHX
  }

  /**
   * When it ends. Tolerances of 0 mean never.
   *
   * @param checkEvery ticks between two measurements; empty for auto
   * @param deadline from the start of the run's {@link RunClock}
   * @param requireCertificate whether a run that ends without a certified result has failed
   * @param certifiedCoordinates up to how many coordinates second derivatives are summed for a
   *     certificate
   * @param toleranceByDefault whether nobody asked for the tolerance
   */
  public record Stop(
      long maxTicks,
      double tolerance,
      double disagreement,
      OptionalInt checkEvery,
      Duration deadline,
      boolean requireCertificate,
      int certifiedCoordinates,
      boolean toleranceByDefault) {

    Stop maxTicks(long ticks) {
      return with(ticks, tolerance, checkEvery, deadline, toleranceByDefault);
    }

    Stop tolerance(double other) {
      return with(maxTicks, other, checkEvery, deadline, false);
    }

    Stop checkEvery(int ticks) {
      return with(maxTicks, tolerance, OptionalInt.of(ticks), deadline, toleranceByDefault);
    }

    Stop deadline(Duration after) {
      return with(maxTicks, tolerance, checkEvery, after, toleranceByDefault);
    }

    private Stop with(long ticks, double gap, OptionalInt every, Duration after, boolean usual) {
      return new Stop(
          ticks, gap, disagreement, every, after, requireCertificate, certifiedCoordinates, usual);
    }
  }

  /** The same under one more set, which binds all agents. */
  public RunSettings constraint(ConstraintSet set) {
    List<Constraint> more = new ArrayList<>(constraints);
    more.add(new Constraint(Part.of(set), List.of()));
    return new RunSettings(
        List.copyOf(more), network, clock, algorithm, privacy, engine, stop, seed);
  }

  /** The same on another network. */
  public RunSettings network(Network other) {
    return new RunSettings(constraints, other, clock, algorithm, privacy, engine, stop, seed);
  }

  /** The same with other clocks. */
  public RunSettings clock(Clock other) {
    return new RunSettings(constraints, network, other, algorithm, privacy, engine, stop, seed);
  }

  /** The same by another method. */
  public RunSettings algorithm(Algorithm other) {
    return new RunSettings(constraints, network, clock, other, privacy, engine, stop, seed);
  }

  /** The same under another protection. */
  public RunSettings privacy(Privacy other) {
    return new RunSettings(constraints, network, clock, algorithm, other, engine, stop, seed);
  }

  /** The same on another engine. */
  public RunSettings engine(Engine other) {
    return new RunSettings(constraints, network, clock, algorithm, privacy, other, stop, seed);
  }

  /** The same with another end. */
  public RunSettings stop(Stop other) {
    return new RunSettings(constraints, network, clock, algorithm, privacy, engine, other, seed);
  }

  /** The same with all agents active at all ticks, and without sets or a mechanism. */
  public RunSettings synchronous() {
    Clock always =
        new Clock(
            Part.of(ActivationModels.REGISTRY, "clock.model", Clock.ALWAYS, "clock", Map.of()),
            clock.rate(),
            clock.rates(),
            clock.idle(),
            clock.offline());
    return new RunSettings(
        List.of(), network, always, algorithm, privacy.with(Mechanism.NONE), engine, stop, seed);
  }

  /** The same with an engine of which nothing is auto. */
  RunSettings withEngine(EngineName name, int cells, int ticksPerSuperstep) {
    return engine(new Engine(name, OptionalInt.of(cells), OptionalInt.of(ticksPerSuperstep)));
  }

  /** The same with that method, measured that often unless a number was given. */
  RunSettings withMethod(String name, int checkEvery) {
    return algorithm(algorithm.named(name))
        .stop(stop.checkEvery(stop.checkEvery().orElse(checkEvery)));
  }

  /** The same with that first step. */
  public RunSettings withInitialStep(double initial) {
    double exponent = algorithm.step().exponent();
    return algorithm(algorithm.step(new Step(OptionalDouble.of(initial), exponent)));
  }
}
