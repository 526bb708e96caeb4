package io.sotto.cli;

import io.sotto.algorithm.Circumstance;
import io.sotto.clock.ActivationModel;
import io.sotto.config.PrivacyConfig;
import io.sotto.config.PrivacyConfig.Mechanism;
import io.sotto.config.RunConfig;
import io.sotto.engine.Plan;
import io.sotto.io.Dataset;
import io.sotto.io.SecretFile;
import io.sotto.network.Network;
import io.sotto.privacy.mechanism.Budget;
import io.sotto.privacy.mechanism.DifferentialPrivacy;
import io.sotto.privacy.mechanism.FunctionSharing;
import io.sotto.privacy.mechanism.PrivateSteps;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.result.Result;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The mechanism that a run is under.
 *
 * @param config what is asked for
 * @param secret where its randomness comes from; with no mechanism, from nowhere
 * @param budget with differential privacy, once the rows are known
 * @param course how far that goes
 */
record Protection(
    PrivacyConfig config, Secret secret, Optional<Budget> budget, Optional<Budget.Course> course) {

  /**
   * Reads the secret, and refuses what does not go together.
   *
   * @throws BadInputException for that
   */
  static Protection of(RunConfig config, Configuration hadoop) throws IOException {
    PrivacyConfig privacy = config.privacy();
    if (privacy.mechanism() == Mechanism.DIFFERENTIAL_PRIVACY) {
      refuse(
          config.algorithm().step().initial().isEmpty(),
          "algorithm.step.initial is auto, whose trials ask the rows; give it a number");
      refuse(
          config.warmStart().isPresent(),
          "warm-start is '%s', where agents' estimates tell of the rows, and what that run gave away is"
                  .formatted(config.warmStart().orElse(""))
              + " not in this one's budget; leave warm-start out");
      refuse(
          config.stop().tolerance() > 0,
          "stop.tolerance is above 0, and the tick at which a run converges tells of the rows; set"
              + " stop.tolerance = 0");
      refuse(
          config.data().standardize(),
          "data.standardize is true, which reveals means and deviations, and moves all rows where one"
              + " is another; set data.standardize = false, and scale columns by what is public");
    }
    boolean file = privacy.mechanism() != Mechanism.NONE && privacy.secret().isPresent();
    Secret secret =
        file ? SecretFile.read("privacy.secret", privacy.secret().orElseThrow(), hadoop) : fresh();
    return new Protection(privacy, secret, Optional.empty(), Optional.empty());
  }

  /** One that nobody had before and nobody will have again. */
  private static Secret fresh() {
    byte[] bytes = new byte[2 * Secret.LEAST];
    new SecureRandom().nextBytes(bytes);
    return Secret.of(bytes);
  }

  private static void refuse(boolean wrong, String what) {
    if (wrong) {
      throw new BadInputException("privacy.mechanism is differential-privacy, and " + what + ".");
    }
  }

  /** What methods must survive. */
  Set<Circumstance> circumstances() {
    return switch (config.mechanism()) {
      case NONE -> Set.of();
      case FUNCTION_SHARING -> Set.of(Circumstance.FUNCTION_SHARING);
      case PRIVATE_STEPS -> Set.of(Circumstance.PRIVATE_STEPS);
      case DIFFERENTIAL_PRIVACY -> Set.of(Circumstance.DIFFERENTIAL_PRIVACY);
    };
  }

  /**
   * With the budget, if there is one.
   *
   * @throws BadInputException if nothing fits it
   */
  Protection over(Dataset data, ActivationModel clock, long maxTicks) {
    if (config.mechanism() != Mechanism.DIFFERENTIAL_PRIVACY) {
      return this;
    }
    if (config.delta() * data.rows() >= 1) {
      throw new BadInputException(
          "privacy.delta is %s, at which one of %d rows may be told outright; set it below 1 / rows."
              .formatted(config.delta(), data.rows()));
    }
    int agents = data.agents().size();
    Budget fits =
        Budget.of(
            config.epsilon().orElseThrow(),
            config.delta(),
            config.clip(),
            data.rows(),
            data.dimension(),
            config.noise(),
            Budget.expected(clock, agents, maxTicks));
    return new Protection(
        config, secret, Optional.of(fits), Optional.of(fits.course(clock, agents, maxTicks)));
  }

  /**
   * What stands between rows and methods.
   *
   * @param chosen the configuration with what auto chose
   */
  io.sotto.engine.Mechanism mechanism(Network network, RunConfig chosen, Dataset data) {
    String run = name(chosen, data);
    return switch (config.mechanism()) {
      case NONE -> io.sotto.engine.Mechanism.none();
      case FUNCTION_SHARING ->
          new FunctionSharing(network, config.scale() / network.agents(), secret, run);
      case PRIVATE_STEPS -> new PrivateSteps(config.spread(), secret, run);
      case DIFFERENTIAL_PRIVACY -> new DifferentialPrivacy(budget.orElseThrow(), secret, run);
    };
  }

  /**
   * Names a run by all that its messages depend on, so that another run has other random numbers:
   * the bytes of the rows, the configuration, and noise. How long it runs, where, where to, and who
   * audits it is not among that; a first step that trials found is a function of the rest. Where
   * agents start moves no cost: a run that goes on from an earlier one of the same rows has the
   * linear terms that it had.
   */
  private String name(RunConfig chosen, Dataset data) {
    Map<String, Object> map = chosen.toMap();
    map.keySet().removeAll(List.of("output", "stop", "audit"));
    drop(map, "data", "path");
    drop(map, "engine", "name");
    drop(map, "privacy", "secret");
    if (config.mechanism() != Mechanism.DIFFERENTIAL_PRIVACY) {
      drop(map, "algorithm", "step", "initial");
    }
    if (config.mechanism() == Mechanism.FUNCTION_SHARING) {
      map.remove("warm-start");
    }
    map.put("rows", data.parts().stream().map(Dataset.Part::checksum).toList());
    map.put("deviation", budget.map(Budget::deviation).orElse(0.0));
    return map.toString();
  }

  private static void drop(Map<?, ?> map, String... path) {
    Map<?, ?> block = map;
    for (String key : Arrays.copyOf(path, path.length - 1)) {
      block = (Map<?, ?>) Objects.requireNonNull(block.get(key));
    }
    block.remove(path[path.length - 1]);
  }

  /**
   * Tells whether costs are moved by the same linear terms as in another run; empty if by none.
   *
   * @param chosen the configuration with what auto chose
   */
  String terms(RunConfig chosen, Dataset data) {
    return config.mechanism() == Mechanism.FUNCTION_SHARING ? secret.mark(name(chosen, data)) : "";
  }

  /** The last tick that the budget allows. */
  long lastTick(long maxTicks) {
    return Math.min(maxTicks, course.map(Budget.Course::lastTick).orElse(maxTicks));
  }

  /** For the console. */
  String words() {
    String how =
        switch (config.mechanism()) {
          case NONE -> "nothing but what the method itself does";
          case FUNCTION_SHARING ->
              "costs moved by linear terms that cancel, of up to %s / agents; hides where subgradients"
                      .formatted(config.scale())
                  + " lie, not how they differ from point to point, nor, from adversaries who are all"
                  + " of an agent's neighbours, anything";
          case PRIVATE_STEPS ->
              "steps drawn within %s of the schedule; hides the length of a single update, not its"
                      .formatted(config.spread())
                  + " direction, nor what many have in common";
          case DIFFERENTIAL_PRIVACY ->
              String.format(
                  Locale.ROOT,
                  "epsilon %s, delta %s; rows clipped to %s, noise of deviation %.3g in each"
                      + " coordinate of a subgradient, %s updates for each agent; hides a row of one"
                      + " agent from all others, not who holds how many rows, nor what the operator"
                      + " measures: objective, certificate, and which candidate is lowest",
                  config.epsilon().orElseThrow(),
                  config.delta(),
                  config.clip(),
                  budget.orElseThrow().deviation(),
                  Text.count(budget.orElseThrow().updates()));
        };
    boolean fresh = config.mechanism() != Mechanism.NONE && config.secret().isEmpty();
    return how + (fresh ? "; a fresh secret, so another run gives other bits" : "");
  }

  /** The name as configurations write it. */
  String name() {
    return config.mechanism().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The result, with the budget as what ended it where that did. */
  Result ended(Result result, long maxTicks) {
    if (budget.isEmpty()
        || result.status() != Result.Status.MAX_TICKS
        || budget.get().updates() > course.orElseThrow().updates()) {
      return result;
    }
    Budget spent = budget.get();
    return new Result(
        Result.Status.BUDGET,
        String.format(
            Locale.ROOT,
            "the privacy budget is spent: an agent has made the %,d updates that epsilon %s and delta"
                + " %s allow, of at most %,d ticks",
            spent.updates(),
            spent.epsilon(),
            spent.delta(),
            maxTicks),
        result.last(),
        result.trace(),
        result.seconds());
  }

  /**
   * For {@code run.json}: what was given away by that tick, at most, of any row.
   *
   * @param chosen the configuration with what auto chose
   */
  Map<String, @Nullable Object> report(RunConfig chosen, Dataset data, Plan plan, long tick) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("mechanism", name());
    if (config.mechanism() == Mechanism.NONE) {
      return map;
    }
    map.put("freshSecret", config.secret().isEmpty());
    map.put("secretMark", secret.mark());
    if (config.mechanism() == Mechanism.FUNCTION_SHARING) {
      map.put("termsMark", terms(chosen, data));
    }
    budget.ifPresent(
        allowed -> {
          Budget.Course done = course.orElseThrow();
          long updates =
              tick >= done.lastTick()
                  ? done.updates()
                  : allowed.course(plan.clock(), plan.agents(), tick).updates();
          map.put("neighbours", "tables that differ in one row of one agent");
          map.put("epsilon", allowed.spent(updates));
          map.put("delta", allowed.delta());
          map.put("epsilonAllowed", allowed.epsilon());
          map.put("updatesOfOneAgent", updates);
          map.put("updatesAllowed", allowed.updates());
          map.put("deviation", allowed.deviation());
          map.put("sensitivity", allowed.sensitivity());
        });
    return map;
  }
}
