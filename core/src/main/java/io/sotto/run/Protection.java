package io.sotto.run;

import io.sotto.algorithm.Condition;
import io.sotto.algorithm.Scales;
import io.sotto.clock.ActivationModel;
import io.sotto.engine.Mechanism;
import io.sotto.engine.Runner;
import io.sotto.network.Links;
import io.sotto.network.Network;
import io.sotto.privacy.mechanism.AgreedKeys;
import io.sotto.privacy.mechanism.Budget;
import io.sotto.privacy.mechanism.DifferentialPrivacy;
import io.sotto.privacy.mechanism.KeyGraph;
import io.sotto.privacy.mechanism.MaskedSums;
import io.sotto.privacy.mechanism.NoisySums;
import io.sotto.privacy.mechanism.Offsets;
import io.sotto.privacy.mechanism.PairKeys;
import io.sotto.privacy.mechanism.PrivateSteps;
import io.sotto.privacy.mechanism.RoundsBudget;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.result.Result;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The mechanism that a run is under.
 *
 * @param asked what is asked for
 * @param secret where its randomness comes from; with no mechanism, from nowhere
 * @param fresh whether the secret was made for this run alone
 * @param budget with differential privacy, once the rows are known
 * @param course how far that goes
 * @param weak whether offsets are small, because they do not cancel in the method
 * @param size of offsets, once the rows are loaded
 * @param scales how finely numbers are rounded for sums, once the rows are loaded
 * @param rounds the budget of rounds with noise, once it is known how many rows there are
 * @param note why what nobody asked for was left out; empty if it was not
 */
public record Protection(
    RunSettings.Privacy asked,
    Secret secret,
    boolean fresh,
    Optional<Budget> budget,
    Optional<Budget.Course> course,
    boolean weak,
    Optional<OffsetSize> size,
    Optional<Scales> scales,
    Optional<RoundsBudget> rounds,
    String note) {

  /**
   * The scale of offsets: how many times as long an offset is as what is to be hidden. Measured on
   * hospitals, on all networks tried (core/docs/PRIVACY.md): about the least at which one agent
   * that weighs offset and blind guess as well as can be errs by 0.95 of the blind guess or more.
   */
  static final double SCALE = 1.7;

  /** That where they do not cancel: the largest at which 1e-3 was still reached. */
  static final double WEAK_SCALE = 0.4;

  /** That of function sharing, in units of 1 / agents. */
  private static final double SHARED_SCALE = 0.03;

  /** With fewer agents, each knows what the only other one has. */
  private static final int LEAST_AGENTS = 3;

  private static final String FEW =
      "with fewer than three agents nothing can be protected: each knows its own part of the sum,"
          + " and so the other's";

  /**
   * Refuses what does not go together.
   *
   * @param given the secret; empty for a fresh one
   * @param fresh makes one
   * @param warmStart where the run starts from, for the message; empty for 0
   * @throws BadInputException for that
   */
  static Protection of(
      RunSettings settings,
      Optional<Secret> given,
      Supplier<Secret> fresh,
      Optional<String> warmStart) {
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
    RowsProtection.requireFits(settings, warmStart);
    return new Protection(
        settings.privacy(),
        given.orElseGet(fresh),
        given.isEmpty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  /** Another one, with some other parts. */
  private Protection with(
      RunSettings.Privacy other, boolean nowWeak, Optional<OffsetSize> nowSize, String nowNote) {
    return new Protection(
        other, secret, fresh, budget, course, nowWeak, nowSize, scales, rounds, nowNote);
  }

  /**
   * Offsets where they apply. Where they do not, they are refused if somebody asked for them, and
   * left out with a note if they are the default.
   *
   * @throws BadInputException if they are refused
   */
  Protection over(MethodChoice choice, Costs costs) {
    RowsProtection.requireNoise(choice, this);
    if (choice.method().supports().contains(Condition.MASKED_SUMS)) {
      return overSums(choice, costs);
    }
    if (!offsets()) {
      return this;
    }
    if (!costs.nature().exact() || !costs.nature().convex()) {
      String why =
          costs.nature().convex()
              ? "subgradients are estimates, of a part of the rows each time, and offsets would be lost"
                  + " in them"
              : NotConvex.NO_OFFSETS;
      if (!asked.byDefault()) {
        throw new BadInputException(
            "privacy.protect is offsets, but %s: set privacy.protect = none.".formatted(why));
      }
      return with(asked.with(RunSettings.Mechanism.NONE), false, size, why);
    }
    if (costs.count() < LEAST_AGENTS) {
      return with(asked.with(RunSettings.Mechanism.NONE), false, size, FEW);
    }
    return with(asked, !choice.method().offsetsCancel(), size, note);
  }

  /** Masks where a method says sums, unless nothing at all is asked for. */
  private Protection overSums(MethodChoice choice, Costs costs) {
    boolean given = offsets() && asked.byDefault();
    if (!sums() && !given && asked.mechanism() != RunSettings.Mechanism.NONE) {
      throw new BadInputException(
          ("algorithm.name is %s, whose messages are sums over agents, and %s is asked for: set"
                  + " privacy.protect = sums or none, or algorithm.name = auto.")
              .formatted(choice.name(), name()));
    }
    if ((sums() || given) && costs.count() < LEAST_AGENTS) {
      return with(asked.with(RunSettings.Mechanism.NONE), false, size, FEW);
    }
    return given ? with(asked.with(RunSettings.Mechanism.SUMS), false, size, "") : this;
  }

  /** Whether sums are masked. */
  public boolean sums() {
    return asked.mechanism() == RunSettings.Mechanism.SUMS;
  }

  /** Whether sums have noise that hides rows. */
  public boolean rows() {
    return asked.mechanism() == RunSettings.Mechanism.ROWS;
  }

  /** Whether costs are moved by offsets. */
  boolean offsets() {
    return asked.mechanism() == RunSettings.Mechanism.OFFSETS;
  }

  /** How large offsets, or the vectors of function sharing, are. */
  double scale() {
    double usual = offsets() ? weak ? WEAK_SCALE : SCALE : SHARED_SCALE;
    return asked.scale().orElse(usual);
  }

  /**
   * With the size of offsets, or of what is summed, for which the cells are asked; empty if there
   * is neither.
   *
   * @param runner over cells with their rows, not started yet
   */
  Optional<Protection> sized(Runner runner, Prepared prepared) {
    Costs costs = prepared.costs();
    if (prepared.plan().parents().length > 0 && !rows()) {
      Scales found = SumsSize.of(runner, costs, prepared.settings().algorithm().coordinates());
      return Optional.of(
          new Protection(
              asked, secret, fresh, budget, course, weak, size, Optional.of(found), rounds, note));
    }
    if (!offsets()) {
      return Optional.empty();
    }
    int most = prepared.settings().stop().certifiedCoordinates();
    Links keys = KeyGraph.of(runner.plan().network());
    // measured: where offsets do not cancel, those along columns cost fewer ticks and hide more
    RunSettings.Shape shape =
        weak && asked.shape() == RunSettings.Shape.AUTO
            ? RunSettings.Shape.DIAGONAL
            : asked.shape();
    OffsetSize found = OffsetSize.of(runner, costs, keys, scale(), shape, most);
    return Optional.of(with(asked, weak, Optional.of(found), note));
  }

  /**
   * What offsets promise, for problems that differ by as much as agents do at a point; null without
   * offsets.
   *
   * @param runner over cells with their rows
   * @param x where subgradients are compared
   */
  static @Nullable Guarantee guarantee(Runner runner, Prepared prepared, double[] x) {
    Protection of = prepared.protection();
    return of.size.isEmpty()
        ? null
        : guarantee(prepared, of.size.get(), of.size.get().spread(runner, x));
  }

  /** The same before a run, for problems that differ by as much as agents do near the optimum. */
  public static @Nullable Guarantee guarantee(Prepared prepared) {
    Protection of = prepared.protection();
    return of.size.isEmpty() ? null : guarantee(prepared, of.size.get(), of.size.get().spread());
  }

  private static Guarantee guarantee(Prepared prepared, OffsetSize size, double difference) {
    Network network = prepared.plan().network();
    return Guarantee.of(size.keys(), network, difference, size.deviation());
  }

  /** Adds to the digest of a run what is drawn for it. */
  RunDigest addTo(RunDigest digest) {
    return digest
        .text("mechanism", RowsProtection.mark(asked.with(asked.mechanism())))
        .number("deviation", budget.map(Budget::deviation).orElse(0.0));
  }

  private static void refuse(boolean wrong, String what) {
    if (wrong) {
      throw new BadInputException("privacy.mechanism is differential-privacy, and " + what + ".");
    }
  }

  /** What methods must support. */
  Set<Condition> conditions() {
    return switch (asked.mechanism()) {
      case NONE, OFFSETS, FUNCTION_SHARING -> Set.of();
      case SUMS -> Set.of(Condition.MASKED_SUMS);
      case ROWS -> Set.of(Condition.NOISY_SUMS);
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
    if (rows()) {
      Optional<RoundsBudget> found = Optional.of(RowsProtection.budget(asked, costs));
      return new Protection(asked, secret, fresh, budget, course, weak, size, scales, found, note);
    }
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
            asked.clip().orElse(RunSettings.Privacy.CLIP),
            rows,
            costs.dimension(),
            asked.noise(),
            Budget.expected(clock, agents, maxTicks));
    return new Protection(
        asked,
        secret,
        fresh,
        Optional.of(fits),
        Optional.of(fits.course(clock, agents, maxTicks)),
        false,
        Optional.empty(),
        Optional.empty(),
        rounds,
        "");
  }

  /**
   * The mechanism as plans have it; of offsets, once their size is known.
   *
   * @param run the digest of the run
   */
  Mechanism mechanism(Network network, int dimension, String run) {
    if (scales.isPresent()) {
      PairKeys keys = sums() ? keys(network, run) : null;
      return new MaskedSums(KeyGraph.of(network), keys, scales.get());
    }
    return switch (asked.mechanism()) {
      case NONE, SUMS -> Mechanism.none();
      case OFFSETS ->
          size.isEmpty()
              ? Mechanism.none()
              : new Offsets(size.get().keys(), size.get().factor(), dimension, keys(network, run));
      case FUNCTION_SHARING ->
          Offsets.alike(
              KeyGraph.neighbours(network),
              Math.sqrt(2.0 / 3) * scale() / network.agents(),
              dimension,
              PairKeys.derived(secret, run));
      case PRIVATE_STEPS -> new PrivateSteps(asked.spread(), secret, run);
      case ROWS -> new NoisySums(rounds.orElseThrow(), keys(network, run), secret, run);
      case DIFFERENTIAL_PRIVACY -> new DifferentialPrivacy(budget.orElseThrow(), secret, run);
    };
  }

  PairKeys keys(Network network, String run) {
    return fresh ? new AgreedKeys(network.agents(), secret, run) : PairKeys.derived(secret, run);
  }

  /**
   * Tells whether costs are moved by the same linear terms as in another run; empty if by none.
   *
   * @param run the digest of the run
   */
  String termsMark(String run) {
    return linearTerms() ? secret.mark(run) : "";
  }

  /** Whether costs are moved by linear terms. */
  boolean linearTerms() {
    return offsets() || asked.mechanism() == RunSettings.Mechanism.FUNCTION_SHARING;
  }

  /** The last tick that the budget allows. */
  public long lastTick(long maxTicks) {
    return Math.min(maxTicks, course.map(Budget.Course::lastTick).orElse(maxTicks));
  }

  /** For the console. */
  public String words() {
    return ProtectionReport.words(this);
  }

  /** The name as configurations write it. */
  public String name() {
    String name = asked.mechanism().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return offsets() && weak ? name + " (weak)" : name;
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
}
