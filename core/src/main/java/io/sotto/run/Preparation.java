package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.StepSize;
import io.sotto.engine.Plan;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Constraints;
import io.sotto.problem.Intersection;
import io.sotto.run.RunSettings.Constraint;
import io.sotto.run.RunSettings.EngineName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;

/**
 * Decides everything about a run but its first step: makes a plan from a problem and settings, and
 * checks both.
 *
 * @param problem what is solved
 * @param settings what is asked for; may leave things open
 * @param engines the engines to choose from
 * @param secret of a mechanism; empty for a fresh one
 * @param earlier what to start from; empty for 0
 * @param reader reads links that are listed in files
 * @param warnings takes sentences about what is not used or was left out
 */
record Preparation(
    Problem problem,
    RunSettings settings,
    Sizing.Engines engines,
    Optional<Secret> secret,
    Optional<EarlierResult> earlier,
    Wiring.Reader reader,
    Consumer<String> warnings) {

  /** How often a run is measured in as many ticks as tell steps apart. */
  private static final int CHECKS_PER_TRIAL = 3;

  /**
   * Scans the problem, checks everything, and decides what the settings leave open.
   *
   * @throws BadInputException if anything is wrong
   */
  Prepared prepare() throws IOException {
    Protection asked = Protection.of(settings, secret, earlier.map(EarlierResult::where));
    Costs looked = problem.look(warnings);
    AgentNames names = new AgentNames(looked.agents());
    Constraints configured = constraints(looked.shape().coefficients(), names);
    Map<String, String> why = new TreeMap<>();
    Costs costs = scaled(looked, configured, why);
    Constraints constraints =
        costs.coefficientUnits().size() == 0
            ? configured
            : Objects.requireNonNull(configured.in(costs.coefficientUnits()));
    NetworkAndClocks around = NetworkAndClocks.of(settings, names, reader, warnings);
    around.slowness(settings.stop().maxTicks()).ifPresent(warnings);
    Set<Condition> conditions = conditions(costs.nature(), constraints, around);
    conditions.addAll(asked.conditions());
    MethodChoice choice = MethodChoice.of(settings.algorithm(), conditions, costs.nature().rough());
    Method method = choice.method();
    double exponent = settings.algorithm().step().exponent();
    DoubleFunction<Algorithm> algorithm =
        step -> method.of(around.idle(), new StepSize(step, exponent));
    Algorithm example = algorithm.apply(1);
    why.put("algorithm", choice.why());
    Sizing sizing =
        Sizing.of(
            settings,
            costs,
            around,
            choice,
            example,
            !settings.constraints().isEmpty(),
            engines,
            why);
    RunSettings chosen =
        settings
            .withMethod(choice.name(), example.trialTicks() / CHECKS_PER_TRIAL)
            .withEngine(sizing.engine(), sizing.partition().cells(), sizing.ticksPerSuperstep());
    Protection protection = asked.over(costs, around.clock(), settings.stop().maxTicks());
    String digest = digest(protection, chosen, costs, around, sizing, "");
    Optional<WarmStart> start = Optional.empty();
    if (earlier.isPresent()) {
      start = Optional.of(WarmStart.of(earlier.get(), costs, protection.termsMark(digest)));
      digest = digest(protection, chosen, costs, around, sizing, start.get().digest());
    }
    Plan plan =
        new Plan(
                costs.dimension(),
                costs.shape().coefficients(),
                around.network(),
                sizing.partition(),
                constraints,
                around.clock(),
                around.idle(),
                settings.seed(),
                sizing.ticksPerSuperstep(),
                costs.shards())
            .under(protection.mechanism(around.network(), digest))
            .perLink(example.perLink())
            .through(around.channel())
            .from(start.map(WarmStart::origin).orElse(null))
            .digest(Long.parseUnsignedLong(digest.substring(0, 16), 16));
    return new Prepared(
        chosen,
        costs,
        around,
        plan,
        algorithm,
        sizing.memory(),
        start,
        protection,
        digest,
        sizing.engine() == EngineName.LOCAL
            ? engines.local()
            : Objects.requireNonNull(engines.cluster()),
        why);
  }

  /** The costs in the coordinates in which they are computed, and why those. */
  private Costs scaled(Costs costs, Constraints constraints, Map<String, String> why) {
    if (costs.scaler() == null) {
      return costs;
    }
    if (settings.algorithm().scale() == RunSettings.Scale.NONE) {
      why.put("scale", "none: algorithm.scale asks for it");
      return costs;
    }
    if (settings.privacy().mechanism() == RunSettings.Mechanism.DIFFERENTIAL_PRIVACY) {
      why.put("scale", "none: under differential privacy no sums over columns may be revealed");
      return costs;
    }
    Costs scaled = costs.scaler().scaled(true);
    if (scaled.coefficientUnits().size() > 0 && constraints.in(scaled.coefficientUnits()) == null) {
      why.put(
          "scale",
          "columns are centred but not scaled, because these sets can only be kept in the units in"
              + " which they were given");
      return costs.scaler().scaled(false);
    }
    if (scaled.coefficientUnits().size() > 0) {
      why.put(
          "scale",
          "the solver centres and scales the columns for itself; the problem stays as configured");
    }
    return scaled;
  }

  private static String digest(
      Protection protection,
      RunSettings chosen,
      Costs costs,
      NetworkAndClocks around,
      Sizing sizing,
      String start) {
    return protection.digest(
        chosen, costs, around, sizing.partition(), sizing.ticksPerSuperstep(), start);
  }

  private Set<Condition> conditions(
      Costs.Nature nature, Constraints constraints, NetworkAndClocks around) {
    Set<Condition> all = around.conditions(settings.engine().ticksPerSuperstep().orElse(1) > 1);
    boolean sets = !settings.constraints().isEmpty();
    if (sets) {
      all.add(Condition.SETS);
    }
    if (constraints.distinct().size() > 1) {
      all.add(Condition.OWN_SETS);
    }
    if (!nature.smooth()) {
      all.add(Condition.NONSMOOTH);
    }
    if (!nature.exact()) {
      all.add(Condition.STOCHASTIC);
    }
    if (nature.penalised()) {
      all.add(sets ? Condition.L1_IN_SETS : Condition.L1);
    }
    return all;
  }

  private Constraints constraints(int n, AgentNames names) {
    List<ConstraintSet> all = new ArrayList<>();
    List<ConstraintSet> common = new ArrayList<>();
    Map<Integer, List<ConstraintSet>> own = new TreeMap<>();
    for (int i = 0; i < settings.constraints().size(); i++) {
      Constraint constraint = settings.constraints().get(i);
      ConstraintSet set = constraint.set().value();
      all.add(set);
      complainingOf(Constraint.key(i), () -> set.requireDimension(n));
      if (constraint.agents().isEmpty()) {
        common.add(set);
      }
      for (String name : constraint.agents()) {
        int agent = names.find(Constraint.key(i) + ".agents", name);
        own.computeIfAbsent(agent, a -> new ArrayList<>()).add(set);
      }
    }
    complainingOf("problem.constraints", () -> Intersection.of(all));
    Map<Integer, ConstraintSet> ofAgent = new TreeMap<>();
    own.forEach(
        (agent, theirs) -> {
          List<ConstraintSet> both = new ArrayList<>(common);
          both.addAll(theirs);
          ofAgent.put(agent, Intersection.of(both));
        });
    Intersection.memberOrBadInput(Intersection.of(all), n, "problem.constraints");
    return new Constraints(Intersection.of(common), ofAgent);
  }

  /** Does a check that does not know the key it is about. */
  private static void complainingOf(String key, Runnable check) {
    try {
      check.run();
    } catch (BadInputException e) {
      throw new BadInputException(key + ": " + e.getMessage(), e);
    }
  }
}
