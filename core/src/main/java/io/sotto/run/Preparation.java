package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.Method;
import io.sotto.engine.DrawnOrigin;
import io.sotto.engine.Origin;
import io.sotto.engine.Plan;
import io.sotto.network.CellPartition;
import io.sotto.network.SpanningTree;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.ConstraintSets;
import io.sotto.problem.Constraints;
import io.sotto.problem.Disclosure;
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
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides everything about a run but its first step: makes a plan from a problem and settings, and
 * checks both.
 *
 * @param problem what is solved
 * @param settings what is asked for; may leave things open
 * @param engines the engines to choose from
 * @param secret of a mechanism; empty for a fresh one
 * @param fresh makes a secret where none is given
 * @param earlier what to start from; empty for 0
 * @param reader reads links that are listed in files
 * @param warnings takes sentences about what is not used or was left out
 */
record Preparation(
    Problem problem,
    RunSettings settings,
    Sizing.Engines engines,
    Optional<Secret> secret,
    Supplier<Secret> fresh,
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
    Protection asked = Protection.of(settings, secret, fresh, earlier.map(EarlierResult::where));
    Costs looked = problem.look(asked.rows() ? RowsProtection.untold(warnings) : warnings);
    Map<String, String> why = new TreeMap<>();
    if (looked.nature().convex()) {
      NotConvex.requireConvex(settings);
      return prepare(asked, looked, why);
    }
    return new Preparation(
            problem,
            NotConvex.settings(settings, why),
            engines,
            secret,
            fresh,
            earlier,
            reader,
            warnings)
        .prepare(asked, looked, why);
  }

  private Prepared prepare(Protection asked, Costs looked, Map<String, String> why)
      throws IOException {
    AgentNames names = new AgentNames(looked.agents());
    Constraints configured = constraints(looked, names);
    Costs costs = scaled(looked, configured, why);
    Constraints constraints =
        costs.coefficientUnits().size() == 0
            ? configured
            : Objects.requireNonNull(configured.in(costs.coefficientUnits()));
    NetworkAndClocks around = NetworkAndClocks.of(settings, names, reader, warnings);
    Set<Condition> conditions = conditions(costs.nature(), constraints, around);
    conditions.addAll(asked.conditions());
    MethodChoice choice = MethodChoice.of(settings.algorithm(), conditions, costs.nature().rough());
    Method method = choice.method();
    double exponent = settings.algorithm().step().exponent();
    int coordinates = settings.algorithm().coordinates();
    boolean convex = costs.nature().convex();
    Stepping stepping = settings.algorithm().stepping();
    long last = settings.stop().maxTicks();
    DoubleFunction<Algorithm> algorithm =
        step ->
            costs
                .nature()
                .around(
                    stepping.around(
                        method
                            .of(around.idle(), stepping.size(step, exponent, last, convex))
                            .upTo(coordinates)));
    Algorithm example = algorithm.apply(1);
    SpanningTree tree = example.alongTree() ? SpanningTree.of(around.network()) : null;
    if (tree == null) {
      around.slowness(settings.stop().maxTicks()).ifPresent(warnings);
    }
    why.put("algorithm", choice.why());
    Sizing sizing =
        Sizing.of(
            settings,
            costs,
            around,
            tree == null ? around.network() : tree.network(),
            choice,
            example,
            !settings.constraints().isEmpty(),
            engines,
            why);
    Protection protection =
        asked.over(costs, around.clock(), settings.stop().maxTicks()).over(choice, costs);
    RunSettings chosen =
        settings
            .privacy(protection.asked())
            .stop(settings.stop().tolerance(settings.stop().tolerance()))
            .withMethod(choice.name(), example.trialTicks() / CHECKS_PER_TRIAL)
            .withEngine(sizing.engine(), sizing.partition().cells(), sizing.ticksPerSuperstep());
    String digest = digest(protection, chosen, costs, around, sizing, "");
    Optional<WarmStart> start = Optional.empty();
    if (earlier.isPresent()) {
      start = Optional.of(WarmStart.of(earlier.get(), costs, protection, digest));
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
            .under(protection.mechanism(around.network(), costs.dimension(), digest))
            .perLink(example.perLink())
            .through(around.channel())
            .from(start.map(WarmStart::origin).orElse(drawn(costs)))
            .exchanging(stepping.localSteps())
            .convex(convex)
            .digest(Long.parseUnsignedLong(digest.substring(0, 16), 16));
    plan = tree == null ? plan : plan.along(tree);
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
        why,
        Disclosure.none());
  }

  /** Where agents start unless an earlier run says it; null for 0. */
  private @Nullable Origin drawn(Costs costs) {
    return costs.start() == null
        ? null
        : new DrawnOrigin(costs.start(), settings.seed(), costs.dimension());
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
    if (settings.privacy().mechanism() == RunSettings.Mechanism.DIFFERENTIAL_PRIVACY
        || settings.privacy().mechanism() == RunSettings.Mechanism.ROWS) {
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

  /**
   * Names a run by all that its messages depend on, as it came out, so that another run has other
   * random numbers: costs, sets, network, clocks, channel, method, seed, mechanism. How long it
   * runs, on what, where to, and who audits it is not among that. Where messages themselves carry
   * random numbers (private steps, differential privacy), what delays them at borders counts, too,
   * and where agents start; under differential privacy also the first step, which is given there.
   * Two runs under private steps that differ in the first step alone draw the same factors. Linear
   * terms move costs once and for all: where agents start moves no cost, so runs of the same costs
   * from other starting points have the same terms, and tell no more of them together.
   *
   * @param settings with the method that was chosen
   * @param start tells where agents start; empty for 0
   */
  private static String digest(
      Protection protection,
      RunSettings settings,
      Costs costs,
      NetworkAndClocks around,
      Sizing sizing,
      String start) {
    RunDigest digest =
        new RunDigest()
            .text("agents", String.join("\u0000", costs.agents()))
            .text("costs", costs.digest())
            .text("method", settings.algorithm().name())
            .number("exponent", settings.algorithm().step().exponent())
            .whole("seed", settings.seed());
    settings.algorithm().stepping().addTo(digest);
    protection.addTo(digest);
    for (RunSettings.Constraint constraint : settings.constraints()) {
      digest.part("set", constraint.set()).text("of", String.join("\u0000", constraint.agents()));
      if (constraint.units() != RunSettings.Units.SOLVED) {
        digest.text("units", constraint.units().name());
      }
    }
    around.addTo(digest);
    if (!protection.linearTerms()) {
      digest.text("start", start);
      int ticksPerSuperstep = sizing.ticksPerSuperstep();
      CellPartition partition = sizing.partition();
      if (ticksPerSuperstep > 1) {
        int[] cells = IntStream.range(0, partition.agents()).map(partition::cellOf).toArray();
        digest.whole("ticks per superstep", ticksPerSuperstep).whole("cells", cells);
      }
    }
    if (settings.privacy().mechanism() == RunSettings.Mechanism.SUMS) {
      digest.whole("coordinates", settings.algorithm().coordinates());
    }
    if (settings.privacy().mechanism() == RunSettings.Mechanism.DIFFERENTIAL_PRIVACY) {
      digest.number("step", settings.algorithm().step().initial().orElseThrow());
    }
    return digest.hex();
  }

  private Set<Condition> conditions(
      Costs.Nature nature, Constraints constraints, NetworkAndClocks around) {
    int local = settings.algorithm().stepping().localSteps();
    // an exchange at the first tick of a superstep is not late at borders
    boolean borders = local % settings.engine().ticksPerSuperstep().orElse(1) != 0;
    Set<Condition> all = around.conditions(borders);
    all.add(nature.convex() ? Condition.CONVEX : Condition.NONCONVEX);
    if (local > 1) {
      all.add(Condition.LOCAL_STEPS);
    }
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

  private Constraints constraints(Costs costs, AgentNames names) {
    int n = costs.shape().coefficients();
    List<ConstraintSet> all = new ArrayList<>();
    List<ConstraintSet> common = new ArrayList<>();
    Map<Integer, List<ConstraintSet>> own = new TreeMap<>();
    for (int i = 0; i < settings.constraints().size(); i++) {
      Constraint constraint = settings.constraints().get(i);
      ConstraintSet given = constraint.set().value();
      complainingOf(Constraint.key(i), () -> given.requireDimension(n));
      ConstraintSet set = solved(i, constraint, costs);
      all.add(set);
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

  /** The set of a constraint, in the units in which the problem is solved. */
  private static ConstraintSet solved(int index, Constraint constraint, Costs costs) {
    ConstraintSet given = constraint.set().value();
    if (constraint.units() == RunSettings.Units.SOLVED
        || costs.schema() == null
        || costs.schema().standardization().isNone()) {
      return given;
    }
    ConstraintSet set = given.in(Scaling.original(costs.schema()));
    if (set == null) {
      throw new BadInputException(
          "%s.units is 'original'; %s"
              .formatted(Constraint.key(index), ConstraintSets.SOLVED_UNITS_ONLY));
    }
    return set;
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
