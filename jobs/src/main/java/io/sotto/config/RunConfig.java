package io.sotto.config;

import io.sotto.problem.Parameters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * All that a run is told, with defaults filled in and checked as far as that can be without the
 * data. Where a key may be {@code auto}, an empty value stands for that. The meaning, unit and
 * range of each key stand in {@code sotto-reference.conf}. Made by {@link ConfigLoader}.
 *
 * @param warmStart the output of an earlier run to start from
 */
public record RunConfig(
    Data data,
    Problem problem,
    Network network,
    Clock clock,
    Algorithm algorithm,
    PrivacyConfig privacy,
    Engine engine,
    Stop stop,
    Output output,
    Optional<String> warmStart,
    AuditConfig audit,
    long seed) {

  /**
   * The rows, and who holds them: exactly one of {@code agent} and {@code deal} is there.
   *
   * @param path a file, folder or glob, as any Hadoop URI
   * @param label the column of labels; empty for libsvm only
   * @param agent the column that names the holder of a row
   * @param features the columns to learn from; empty for all that are numeric
   * @param positive the label that counts as +1; empty for the greater one
   * @param libsvmIndexBase 0 or 1; empty for auto
   * @param weight the column that says what each row counts for; empty for 1
   * @param offset the column that is added to predictions; empty for none
   * @param rejectedValues whether what stands in rows that cannot be read may be told
   */
  public record Data(
      String path,
      Format format,
      Optional<String> label,
      Optional<String> agent,
      Optional<Deal> deal,
      List<String> features,
      boolean standardize,
      boolean intercept,
      BadRows badRows,
      Optional<String> positive,
      OptionalInt libsvmIndexBase,
      Optional<String> weight,
      Optional<String> offset,
      RejectedValues rejectedValues) {

    /** Rows that all count the same, and no offset; values of bad rows are told nowhere. */
    public Data(
        String path,
        Format format,
        Optional<String> label,
        Optional<String> agent,
        Optional<Deal> deal,
        List<String> features,
        boolean standardize,
        boolean intercept,
        BadRows badRows,
        Optional<String> positive,
        OptionalInt libsvmIndexBase) {
      this(
          path,
          format,
          label,
          agent,
          deal,
          features,
          standardize,
          intercept,
          badRows,
          positive,
          libsvmIndexBase,
          Optional.empty(),
          Optional.empty(),
          RejectedValues.MASKED);
    }
  }

  /** How input files are laid out. */
  public enum Format {
    /** RFC 4180 with a header line. */
    CSV,
    /** Lines of {@code label index:value ...}. */
    LIBSVM,
    /** Parquet. */
    PARQUET
  }

  /** What becomes of rows that cannot be read. */
  public enum BadRows {
    /** The run fails and names the first. */
    FAIL,
    /** They are counted and left out. */
    SKIP
  }

  /** Rows dealt out to agents of the names 0 to {@code agents - 1}. */
  public record Deal(int agents, DealBy by, long seed) {}

  /** Which row goes to which agent. */
  public enum DealBy {
    /** Row r goes to agent r mod agents. */
    ROW_NUMBER,
    /** Blocks of rows, as they stand. */
    CONTIGUOUS,
    /** Blocks of rows sorted by label, then row number. */
    LABEL,
    /** Drawn at random. */
    RANDOM
  }

  /**
   * What is minimised, and under which constraints: the intersection of all of them.
   *
   * @param loss a name, or the user's own class; empty if there is an objective
   * @param objective the user's own class in place of a loss
   * @param parameters what was given for the user's own class, as JSON has values
   * @param classWeights by label, what its rows count for; 1 for others
   */
  public record Problem(
      String loss,
      Optional<String> objective,
      Map<String, Object> parameters,
      double huberDelta,
      double quantileLevel,
      double l2,
      double l1,
      GroupLasso groupLasso,
      Map<String, Double> classWeights,
      List<Constraint> constraints) {

    /** The same without sets. */
    Problem unconstrained() {
      return new Problem(
          loss,
          objective,
          parameters,
          huberDelta,
          quantileLevel,
          l2,
          l1,
          groupLasso,
          classWeights,
          List.of());
    }

    /** What the registry of losses reads, or the user's own class. */
    public Parameters lossParameters() {
      return objective.isPresent() || loss.contains(".")
          ? new Parameters("problem.parameters", parameters)
          : new Parameters(
              "problem", Map.of("huber-delta", huberDelta, "quantile-level", quantileLevel));
    }

    /** What the registry of sets reads for the constraint of that index. */
    public Parameters constraintParameters(int index) {
      return new Parameters(constraintKey(index), constraints.get(index).parameters());
    }

    /** The path of the constraint of that index, for messages. */
    public static String constraintKey(int index) {
      return "problem.constraints[" + index + "]";
    }
  }

  /** A penalty on groups of features, by name. */
  public record GroupLasso(double weight, List<List<String>> groups) {}

  /**
   * One set.
   *
   * @param agents the names of those whom it binds; empty for all
   * @param parameters what was given for the set, as JSON has values
   */
  public record Constraint(String set, List<String> agents, Map<String, Object> parameters) {}

  /**
   * Who hears whom.
   *
   * @param directed whether links of an edge list go one way
   * @param schedule edge lists that take turns; empty for one network at all ticks
   * @param linkRate the probability that a link is up
   * @param loss the probability that a message is lost
   * @param given what was given for the topology, as JSON has values
   */
  public record Network(
      String topology,
      String weights,
      OptionalLong seed,
      boolean directed,
      List<Listed> schedule,
      double linkRate,
      double loss,
      Late delay,
      Map<String, Object> given) {

    /** What the registry of topologies reads. */
    public Parameters parameters() {
      return new Parameters("network", given);
    }
  }

  /** An edge list, and how many ticks its turn takes. */
  public record Listed(String path, long ticks) {}

  /** How late messages are: at most so many ticks. */
  public record Late(DelayModel model, int ticks) {}

  /** What a delay is a function of. */
  public enum DelayModel {
    /** There is none. */
    NONE,
    /** The same always. */
    CONSTANT,
    /** Chance, for each message. */
    UNIFORM,
    /** Chance, for each link and way; or the edge list. */
    PER_EDGE
  }

  /**
   * When agents update.
   *
   * @param rate the probability per tick; of a Poisson clock, how often it rings in one
   * @param rates those of agents whose rate is another one, by name
   */
  public record Clock(
      ClockModel model, double rate, Map<String, Double> rates, Idle idle, Offline offline) {}

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

  /** What rings an agent's clock. */
  public enum ClockModel {
    /** Chance, at each tick anew. */
    BERNOULLI,
    /** Chance, at any time. */
    POISSON,
    /** Every tick. */
    ALWAYS
  }

  /** What an agent does at a tick at which its clock does not ring. */
  public enum Idle {
    /** It averages. */
    MIX,
    /** Nothing. */
    HOLD
  }

  /**
   * How agents update.
   *
   * @param name of a method, or {@link #AUTO}
   * @param allowLeaking whether auto may choose a method that the privacy argument does not cover
   */
  public record Algorithm(String name, boolean allowLeaking, Step step) {
    /** The name that asks for the method that fits. */
    public static final String AUTO = "auto";
  }

  /** The schedule {@code initial / t^exponent}; {@code initial} is empty for auto. */
  public record Step(OptionalDouble initial, double exponent) {}

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

  /** When it ends. Tolerances of 0 mean never. */
  public record Stop(
      long maxTicks,
      double tolerance,
      double disagreement,
      OptionalInt checkEvery,
      Duration deadline,
      int deadlineExitCode) {}

  /** What is written, and where to. */
  public record Output(String path, boolean overwrite, boolean perAgent) {}

  /** The same on the same network with another seed. */
  public RunConfig withSeed(long other) {
    Network same =
        new Network(
            network.topology(),
            network.weights(),
            OptionalLong.of(network.seed().orElse(seed)),
            network.directed(),
            network.schedule(),
            network.linkRate(),
            network.loss(),
            network.delay(),
            network.given());
    return new RunConfig(
        data, problem, same, clock, algorithm, privacy, engine, stop, output, warmStart, audit,
        other);
  }

  /** The same with all agents active at all ticks, and without sets or a mechanism. */
  public RunConfig synchronous() {
    Clock always =
        new Clock(ClockModel.ALWAYS, clock.rate(), clock.rates(), clock.idle(), clock.offline());
    return with(problem.unconstrained(), always, algorithm, privacy.without(), engine, stop);
  }

  /** The same with an engine of which nothing is auto. */
  public RunConfig withEngine(EngineName name, int cells, int ticksPerSuperstep) {
    Engine chosen = new Engine(name, OptionalInt.of(cells), OptionalInt.of(ticksPerSuperstep));
    return with(problem, clock, algorithm, privacy, chosen, stop);
  }

  /** The same with that method, measured that often unless a number was given. */
  public RunConfig withMethod(String name, int checkEvery) {
    Algorithm chosen = new Algorithm(name, algorithm.allowLeaking(), algorithm.step());
    Stop often =
        new Stop(
            stop.maxTicks(),
            stop.tolerance(),
            stop.disagreement(),
            OptionalInt.of(stop.checkEvery().orElse(checkEvery)),
            stop.deadline(),
            stop.deadlineExitCode());
    return with(problem, clock, chosen, privacy, engine, often);
  }

  /** The same with that first step. */
  public RunConfig withInitialStep(double initial) {
    Step step = new Step(OptionalDouble.of(initial), algorithm.step().exponent());
    Algorithm chosen = new Algorithm(algorithm.name(), algorithm.allowLeaking(), step);
    return with(problem, clock, chosen, privacy, engine, stop);
  }

  private RunConfig with(
      Problem newProblem,
      Clock newClock,
      Algorithm newAlgorithm,
      PrivacyConfig newPrivacy,
      Engine newEngine,
      Stop newStop) {
    return new RunConfig(
        data,
        newProblem,
        network,
        newClock,
        newAlgorithm,
        newPrivacy,
        newEngine,
        newStop,
        output,
        warmStart,
        audit,
        seed);
  }

  /**
   * The configuration as nested values by key (Map, List, String, Number, Boolean), in the order of
   * the reference. Written as JSON and loaded again, it makes an equal RunConfig.
   */
  public Map<String, Object> toMap() {
    return Plain.of(this);
  }
}
