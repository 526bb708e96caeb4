package io.sotto.run;

import io.sotto.algorithm.Condition;
import io.sotto.clock.ActivationModel;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Plan;
import io.sotto.network.CellPartition;
import io.sotto.network.Network;
import io.sotto.privacy.mechanism.Budget;
import io.sotto.privacy.mechanism.DifferentialPrivacy;
import io.sotto.privacy.mechanism.FunctionSharing;
import io.sotto.privacy.mechanism.PrivateSteps;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.result.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The mechanism that a run is under.
 *
 * @param asked what is asked for
 * @param secret where its randomness comes from; with no mechanism, from nowhere
 * @param fresh whether the secret was made for this run alone
 * @param budget with differential privacy, once the rows are known
 * @param course how far that goes
 */
public record Protection(
    RunSettings.Privacy asked,
    Secret secret,
    boolean fresh,
    Optional<Budget> budget,
    Optional<Budget.Course> course) {

  /**
   * Refuses what does not go together.
   *
   * @param given the secret; empty for a fresh one
   * @param warmStart where the run starts from, for the message; empty for 0
   * @throws BadInputException for that
   */
  static Protection of(RunSettings settings, Optional<Secret> given, Optional<String> warmStart) {
    if (settings.privacy().mechanism() == RunSettings.Mechanism.DIFFERENTIAL_PRIVACY) {
      refuse(
          settings.algorithm().step().initial().isEmpty(),
          "algorithm.step.initial is auto, whose trials ask the rows; give it a number");
      refuse(
          warmStart.isPresent(),
          "warm-start is '%s', where agents' estimates tell of the rows, and what that run gave away is"
                  .formatted(warmStart.orElse(""))
              + " not in this one's budget; leave warm-start out");
      refuse(
          settings.stop().tolerance() > 0,
          "stop.tolerance is above 0, and the tick at which a run converges tells of the rows; set"
              + " stop.tolerance = 0");
    }
    return new Protection(
        settings.privacy(),
        given.orElseGet(Secret::fresh),
        given.isEmpty(),
        Optional.empty(),
        Optional.empty());
  }

  private static void refuse(boolean wrong, String what) {
    if (wrong) {
      throw new BadInputException("privacy.mechanism is differential-privacy, and " + what + ".");
    }
  }

  /** What methods must support. */
  Set<Condition> conditions() {
    return switch (asked.mechanism()) {
      case NONE -> Set.of();
      case FUNCTION_SHARING -> Set.of(Condition.FUNCTION_SHARING);
      case PRIVATE_STEPS -> Set.of(Condition.PRIVATE_STEPS);
      case DIFFERENTIAL_PRIVACY -> Set.of(Condition.DIFFERENTIAL_PRIVACY);
    };
  }

  /**
   * With the budget, if there is one.
   *
   * @throws BadInputException if nothing fits it, or columns are scaled by sums over rows
   */
  Protection over(Costs costs, ActivationModel clock, long maxTicks) {
    if (asked.mechanism() != RunSettings.Mechanism.DIFFERENTIAL_PRIVACY) {
      return this;
    }
    Schema schema = costs.schema();
    refuse(
        schema != null && schema.standardized(),
        "data.standardize is true, which reveals means and deviations, and moves all rows where one"
            + " is another; set data.standardize = false, and scale columns by what is public");
    long rows = costs.work().rows();
    if (asked.delta() * rows >= 1) {
      throw new BadInputException(
          "privacy.delta is %s, at which one of %d rows may be told outright; set it below 1 / rows."
              .formatted(asked.delta(), rows));
    }
    int agents = costs.count();
    Budget fits =
        Budget.of(
            asked.epsilon().orElseThrow(),
            asked.delta(),
            asked.clip(),
            rows,
            costs.dimension(),
            asked.noise(),
            Budget.expected(clock, agents, maxTicks));
    return new Protection(
        asked, secret, fresh, Optional.of(fits), Optional.of(fits.course(clock, agents, maxTicks)));
  }

  /**
   * The mechanism as plans have it.
   *
   * @param run the digest of the run, from {@link #digest}
   */
  Mechanism mechanism(Network network, String run) {
    return switch (asked.mechanism()) {
      case NONE -> Mechanism.none();
      case FUNCTION_SHARING ->
          new FunctionSharing(network, asked.scale() / network.agents(), secret, run);
      case PRIVATE_STEPS -> new PrivateSteps(asked.spread(), secret, run);
      case DIFFERENTIAL_PRIVACY -> new DifferentialPrivacy(budget.orElseThrow(), secret, run);
    };
  }

  /**
   * Names a run by all that its messages depend on, as it came out, so that another run has other
   * random numbers: costs, sets, network, clocks, channel, method, seed, mechanism. How long it
   * runs, on what, where to, and who audits it is not among that. Where messages themselves carry
   * random numbers (private steps, differential privacy), what delays them at borders counts, too,
   * and where agents start; under differential privacy also the first step, which is given there.
   * Two runs under private steps that differ in the first step alone draw the same factors.
   * Function sharing moves costs once and for all: where agents start moves no cost, so a run that
   * goes on from an earlier one of the same costs has the linear terms that it had.
   *
   * @param settings with the method that was chosen
   * @param start tells where agents start; empty for 0
   */
  String digest(
      RunSettings settings,
      Costs costs,
      NetworkAndClocks around,
      CellPartition partition,
      int ticksPerSuperstep,
      String start) {
    RunDigest digest =
        new RunDigest()
            .text("agents", String.join("\u0000", costs.agents()))
            .text("costs", costs.digest())
            .text("method", settings.algorithm().name())
            .number("exponent", settings.algorithm().step().exponent())
            .whole("seed", settings.seed())
            .text("mechanism", asked.toString())
            .number("deviation", budget.map(Budget::deviation).orElse(0.0));
    for (RunSettings.Constraint constraint : settings.constraints()) {
      digest.part("set", constraint.set()).text("of", String.join("\u0000", constraint.agents()));
      if (constraint.units() != RunSettings.Units.SOLVED) {
        digest.text("units", constraint.units().name());
      }
    }
    around.addTo(digest);
    if (asked.mechanism() != RunSettings.Mechanism.FUNCTION_SHARING) {
      digest.text("start", start);
      if (ticksPerSuperstep > 1) {
        int[] cells = IntStream.range(0, partition.agents()).map(partition::cellOf).toArray();
        digest.whole("ticks per superstep", ticksPerSuperstep).whole("cells", cells);
      }
    }
    if (asked.mechanism() == RunSettings.Mechanism.DIFFERENTIAL_PRIVACY) {
      digest.number("step", settings.algorithm().step().initial().orElseThrow());
    }
    return digest.hex();
  }

  /**
   * Tells whether costs are moved by the same linear terms as in another run; empty if by none.
   *
   * @param run the digest of the run
   */
  String termsMark(String run) {
    return asked.mechanism() == RunSettings.Mechanism.FUNCTION_SHARING ? secret.mark(run) : "";
  }

  /** The last tick that the budget allows. */
  public long lastTick(long maxTicks) {
    return Math.min(maxTicks, course.map(Budget.Course::lastTick).orElse(maxTicks));
  }

  /** For the console. */
  public String words() {
    String how =
        switch (asked.mechanism()) {
          case NONE -> "neighbours see the messages of the method as they are";
          case FUNCTION_SHARING ->
              "each cost is moved by a linear term of up to %s / agents, and these terms cancel; this"
                      .formatted(asked.scale())
                  + " hides where subgradients lie. It does not hide how they differ from point to"
                  + " point, and it hides nothing from all neighbours of an agent together";
          case PRIVATE_STEPS ->
              "steps are drawn within %s of the schedule; this hides the length of a single update."
                      .formatted(asked.spread())
                  + " It does not hide its direction, nor what many updates have in common";
          case DIFFERENTIAL_PRIVACY ->
              String.format(
                  Locale.ROOT,
                  "epsilon %s, delta %s; rows are clipped to %s, each coordinate of a subgradient gets"
                      + " noise of deviation %.3g, and each agent makes %s updates; this hides a row"
                      + " of one agent from all others. It does not hide who holds how many rows, nor"
                      + " what the operator measures: objective, certificate, and which candidate is"
                      + " lowest",
                  asked.epsilon().orElseThrow(),
                  asked.delta(),
                  asked.clip(),
                  budget.orElseThrow().deviation(),
                  Text.count(budget.orElseThrow().updates()));
        };
    boolean other = asked.mechanism() != RunSettings.Mechanism.NONE && fresh;
    return how + (other ? ". The secret is fresh, so another run gives other bits" : "");
  }

  /** The name as configurations write it. */
  public String name() {
    return asked.mechanism().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The result, with the budget as what ended it where that did. */
  public Result ended(Result result, long maxTicks) {
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
        result.control(),
        result.seconds());
  }

  /** What all parties reveal in aggregate before the run. */
  private static List<String> disclosed(Costs costs) {
    Schema schema = costs.schema();
    boolean sums = schema != null && (schema.standardized() || costs.isScaled());
    return sums ? List.of("means and deviations of columns, over all rows") : List.of();
  }

  /**
   * For {@code run.json}: what was given away by that tick, at most, of any row.
   *
   * @param run the digest of the run
   */
  Map<String, @Nullable Object> report(String run, Costs costs, Plan plan, long tick) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("mechanism", name());
    map.put("disclosed", disclosed(costs));
    if (asked.mechanism() == RunSettings.Mechanism.NONE) {
      return map;
    }
    map.put("freshSecret", fresh);
    map.put("secretMark", secret.mark());
    if (asked.mechanism() == RunSettings.Mechanism.FUNCTION_SHARING) {
      map.put("termsMark", termsMark(run));
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
