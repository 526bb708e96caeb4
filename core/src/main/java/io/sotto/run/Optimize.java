package io.sotto.run;

import io.sotto.engine.Engine;
import io.sotto.engine.LocalEngine;
import io.sotto.network.EdgeList;
import io.sotto.network.Topology;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Disclosure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Solves a problem of several parties. An {@code Optimize} is a description of a run and does not
 * change: each method that sets something returns a new one, and {@link #run} runs it.
 *
 * <pre>{@code
 * RunResult result =
 *     Optimize.of(RowsProblem.of(rows, new Logistic()).l2(1e-3))
 *         .constraint(new Ball(2))
 *         .tolerance(1e-6)
 *         .run();
 * Solution solution = result.solution();
 * }</pre>
 *
 * <p>What is not set is as in {@link RunSettings#defaults}: a ring, agents that update at half of
 * the ticks, and a method, an engine, cells and steps that are chosen to fit. It runs on the
 * threads of this process unless it is given a cluster. A cluster that is given stays open.
 */
public final class Optimize {
  final Problem problem;
  private RunSettings settings = RunSettings.defaults();
  private Sizing.Engines engines =
      new Sizing.Engines(new LocalEngine(Runtime.getRuntime().availableProcessors()), null);
  private Optional<Secret> secret = Optional.empty();
  private Optional<EarlierResult> earlier = Optional.empty();
  Output output = Output.none();
  Listener listener = Listener.none();
  @Nullable RunClock clock;
  Provenance provenance = chosen -> Map.of();
  private Wiring.Reader reader = Optimize::noFiles;
  Checkpoints checkpoints = Checkpoints.none();
  Optional<Duration> every = Optional.empty();
  BooleanSupplier interrupted = () -> false;
  InferenceSettings inference = InferenceSettings.off();
  SelectionSettings selection = SelectionSettings.off();
  private Disclosure disclosure = Disclosure.none();

  /** Is told how a run goes on. */
  public interface Listener extends Optimization.Observer {

    /** Called when everything is decided and nothing has been loaded yet. */
    default void prepared(Prepared prepared) {}

    /** Called when the run goes on from where an earlier process left it. */
    default void resumed(SavedRun from) {}

    /** Called when a penalty was tried on rows that its fit has not seen. */
    default void tried(PenaltyPath.Trial trial) {}

    /** Called when all were. */
    default void selected(PenaltyPath path) {}

    /** Called when the first step is chosen. */
    default void stepChosen(StepSearch.Choice step) {}

    /** Called with a warning, such as that something was left out or is not used. */
    default void warned(String sentence) {}

    @Override
    default void ticked(long tick, long supersteps) {}

    @Override
    default void measured(RunState now) {}

    /** A listener that does nothing. */
    static Listener none() {
      return new Listener() {};
    }

    /** This listener, and then another one. */
    default Listener and(Listener other) {
      return new BothListeners(this, other);
    }
  }

  /**
   * Says for {@code run.json} where a result comes from: the configuration that gives the same bits
   * again, and the versions of the programs.
   */
  @FunctionalInterface
  public interface Provenance {
    /** The configuration with what was chosen, as JSON has values. */
    Map<String, Object> configuration(RunSettings settings);

    /** All of it, also what {@code run.json} does not show: it tells one run from another. */
    default Map<String, Object> whole(RunSettings settings) {
      return configuration(settings);
    }

    /** The versions of what ran it, by name. */
    default Map<String, Object> versions() {
      return Map.of("java", System.getProperty("java.version"));
    }
  }

  private Optimize(Problem problem) {
    this.problem = problem;
  }

  /** A run of that problem with the default settings, on the threads of this process. */
  public static Optimize of(Problem problem) {
    return new Optimize(problem);
  }

  /** Another one, changed: each action stays as it is. */
  private Optimize with(Consumer<Optimize> change) {
    Optimize other = new Optimize(problem);
    other.settings = settings;
    other.engines = engines;
    other.secret = secret;
    other.earlier = earlier;
    other.output = output;
    other.listener = listener;
    other.clock = clock;
    other.provenance = provenance;
    other.reader = reader;
    other.checkpoints = checkpoints;
    other.every = every;
    other.interrupted = interrupted;
    other.inference = inference;
    other.selection = selection;
    other.disclosure = disclosure;
    change.accept(other);
    return other;
  }

  private static EdgeList noFiles(Map<String, String> paths, List<String> agents) {
    throw new BadInputException(
        "Links are listed in %s, and no reader for them is given; set one with reader()."
            .formatted(paths));
  }

  /** With these settings in place of all that were set so far. */
  public Optimize settings(RunSettings all) {
    return with(other -> other.settings = all);
  }

  /** The settings so far. */
  public RunSettings settings() {
    return settings;
  }

  /** With one more set that the coefficients of all agents must lie in. */
  public Optimize constraint(ConstraintSet set) {
    return settings(settings.constraint(set));
  }

  /** On a network of that topology. */
  public Optimize topology(Topology topology) {
    RunSettings.Network now = settings.network();
    return settings(
        settings.network(
            new RunSettings.Network(
                new Wiring.Drawn(Part.of(topology)),
                now.weights(),
                now.seed(),
                now.linkRate(),
                now.loss(),
                now.delay())));
  }

  /** By that method; {@code auto} for the one that fits. */
  public Optimize method(String name) {
    RunSettings.Algorithm now = settings.algorithm();
    return settings(settings.algorithm(now.named(name)));
  }

  /** With that first step, in place of trials that choose it. */
  public Optimize firstStep(double initial) {
    return settings(settings.withInitialStep(initial));
  }

  /**
   * Until the gap is at most this: F is certified to be within this fraction of itself of its least
   * value, or seems so where nothing certifies it.
   */
  public Optimize tolerance(double tolerance) {
    return settings(settings.stop(settings.stop().tolerance(tolerance)));
  }

  /** For at most that many ticks. */
  public Optimize maxTicks(long ticks) {
    return settings(settings.stop(settings.stop().maxTicks(ticks)));
  }

  /**
   * For at most that long, counted from the start of the clock. The clock is looked at between
   * phases, supersteps and questions; nothing is interrupted in between.
   */
  public Optimize deadline(Duration after) {
    return settings(settings.stop(settings.stop().deadline(after)));
  }

  /** With that seed of everything random. */
  public Optimize seed(long seed) {
    return settings(
        new RunSettings(
            settings.constraints(),
            settings.network(),
            settings.clock(),
            settings.algorithm(),
            settings.privacy(),
            settings.engine(),
            settings.stop(),
            seed));
  }

  /**
   * On that engine if the run does not fit this process, or if its rows are on that engine already.
   */
  public Optimize cluster(Engine cluster) {
    return engines(engines.local(), cluster);
  }

  /** On these engines: threads of this process, and one beside it, if there is one. */
  public Optimize engines(Engine local, @Nullable Engine cluster) {
    return with(other -> other.engines = new Sizing.Engines(local, cluster));
  }

  /** With that secret for the mechanism. */
  public Optimize secret(Secret of) {
    return with(other -> other.secret = Optional.of(of));
  }

  /** From an earlier result in place of 0. */
  public Optimize warmStart(EarlierResult from) {
    return with(other -> other.earlier = Optional.of(from));
  }

  /** With an output that keeps the result. */
  public Optimize output(Output to) {
    return with(other -> other.output = to);
  }

  /** With a listener that is told about the run. */
  public Optimize listener(Listener told) {
    return with(other -> other.listener = told);
  }

  /** With a clock that may have started earlier, in place of one that starts with the run. */
  public Optimize clock(RunClock of) {
    return with(other -> other.clock = of);
  }

  /** With what {@code run.json} says of where the result comes from. */
  public Optimize provenance(Provenance from) {
    return with(other -> other.provenance = from);
  }

  /**
   * With checkpoints: if the process dies, the same run goes on from the last one.
   *
   * @param often how often to save one; empty for as often as costs less than a twentieth of the
   *     time
   */
  public Optimize checkpoints(Checkpoints to, Optional<Duration> often) {
    return with(
        other -> {
          other.checkpoints = to;
          other.every = often;
        });
  }

  /**
   * With a question that is asked before every superstep and measurement: once the answer is true,
   * the run saves a checkpoint and ends by an {@link InterruptedRunException}.
   */
  public Optimize interruptedWhen(BooleanSupplier asked) {
    return with(other -> other.interrupted = asked);
  }

  /**
   * With standard errors of the coefficients of rows. The estimate then is the minimiser of F to
   * within {@value Inference#NEAR} of them.
   */
  public Optimize inference(InferenceSettings how) {
    return with(other -> other.inference = how);
  }

  /**
   * With penalties that are tried first, and judged by rows that are held out. The result is the
   * fit to all rows at the one that is chosen, in place of the penalty of the problem. That one
   * must be the largest of them.
   */
  public Optimize selection(SelectionSettings how) {
    return with(other -> other.selection = how);
  }

  /** With rules that the rows of each agent must hold to, or the run is refused. */
  public Optimize disclosure(Disclosure rules) {
    return with(other -> other.disclosure = rules);
  }

  /** With a reader for links that are listed in files. */
  public Optimize reader(Wiring.Reader of) {
    return with(other -> other.reader = of);
  }

  /**
   * Decides everything but the first step; loads nothing.
   *
   * @throws io.sotto.problem.BadInputException if anything is wrong
   */
  public Prepared prepare() throws IOException {
    return prepare(Secret::fresh);
  }

  /** The same with a way to make a secret where none is given. */
  Prepared prepare(Supplier<Secret> fresh) throws IOException {
    Prepared prepared =
        new Preparation(
                problem, settings, engines, secret, fresh, earlier, reader, listener::warned)
            .prepare()
            .disclosing(disclosure);
    Selection.require(problem, prepared, selection);
    NoInference.require(problem, prepared, inference, listener::warned);
    return prepared;
  }

  /**
   * Runs to the end.
   *
   * @throws io.sotto.problem.BadInputException if anything is wrong with problem or settings
   * @throws DeadlineException if the deadline passed before there was an estimate
   * @throws io.sotto.engine.DivergedException if an estimate grew without bound
   * @throws InterruptedRunException if it was asked to end
   */
  public RunResult run() throws Exception {
    return new Execution(this).run();
  }
}
