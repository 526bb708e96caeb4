package io.sotto.run;

import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.NoisyGradient;
import io.sotto.privacy.mechanism.RoundsBudget;
import io.sotto.problem.BadInputException;
import io.sotto.result.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What {@code privacy.protect = rows} refuses, promises and leaves out. */
final class RowsProtection {
  /** What stands in {@code run.json} in place of figures. */
  static final String LEFT_OUT =
      "objective, certificate, gap, held-out loss, checksums, and what is known of columns: they"
          + " would tell of rows";

  private static final String NEIGHBOURS = "tables that differ in one row of one agent";

  /** What of the report of rows is more than counts and names. */
  private static final Set<String> TELLING = Set.of("constantFeatures", "sha256", "bytes");

  /**
   * Where the noise on a gradient is longer than this with the usual clip, it is worth to clip to
   * this part of it. Chosen by simulation (core/docs/PRIVACY.md).
   */
  private static final double MUCH = 0.2;

  private static final double LESS = 0.5;

  private RowsProtection() {}

  private static void refuse(boolean wrong, String what) {
    if (wrong) {
      throw new BadInputException("privacy.protect is rows, and " + what + ".");
    }
  }

  /** Refuses what does not go with noise on sums. */
  static void requireFits(RunSettings settings, Optional<String> warmStart) {
    if (settings.privacy().mechanism() != RunSettings.Mechanism.ROWS) {
      return;
    }
    refuse(
        settings.privacy().epsilon().isEmpty(),
        "privacy.epsilon is not given; give it what the run may give away of one row, such as 1");
    refuse(
        warmStart.isPresent(),
        "warm-start is '%s', where an estimate tells of rows, and what that run gave away is not in"
                .formatted(warmStart.orElse(""))
            + " this one's budget; leave warm-start out");
    refuse(
        settings.stop().requireCertificate(),
        "stop.require-certificate is true, and a certificate would tell of rows; set it to false");
  }

  /** Refuses rules of disclosure control. */
  static void requireNoRules(Protection of) {
    refuse(
        of.rows(),
        "the block disclosure is given, whose answers tell of rows and are not in the budget; take"
            + " disclosure out, or set privacy.protect = sums");
  }

  /** Refuses the method whose guarantee is noise where no noise is asked for. */
  static void requireNoise(MethodChoice choice, Protection of) {
    if (choice.method().supports().contains(Condition.NOISY_SUMS) && !of.rows()) {
      throw new BadInputException(
          "algorithm.name is %s, which is for sums with noise: set privacy.protect = rows and privacy.epsilon, or algorithm.name = auto."
              .formatted(Algorithms.NOISY_SUMS_OF_ALL));
    }
  }

  /**
   * The budget, out of public numbers.
   *
   * @throws BadInputException if there is none, or columns are standardised by sums over rows
   */
  static RoundsBudget budget(RunSettings.Privacy asked, Costs costs) {
    Schema schema = costs.schema();
    refuse(
        schema != null && schema.standardized(),
        "data.standardize is true, which reveals means and deviations of columns; set"
            + " data.standardize = false, and give public means and deviations by data.units");
    refuse(
        schema != null && schema.design() != null,
        "problem.formula, categories and data.missing need levels, knots or means of all rows, which"
            + " tell of rows; name columns of numbers in data.features");
    long rows = costs.work().rows();
    refuse(
        asked.delta() * rows >= 1,
        "privacy.delta is %s, at which one of %d rows may be told outright; set it below 1 / rows"
            .formatted(asked.delta(), rows));
    int agents = costs.count();
    int honest = asked.honest().orElse(Math.min(agents / 2 + 1, Math.max(1, agents - 1)));
    refuse(
        honest < 1 || honest > agents,
        "privacy.honest is %d; it must be a whole number from 1 to %d, the number of agents"
            .formatted(honest, agents));
    RoundsBudget whole = budget(asked, costs, honest, RunSettings.Privacy.CLIP);
    double noise = whole.deviation() * Math.sqrt(costs.dimension() * (double) agents / honest);
    return asked.clip().isEmpty() && noise > MUCH
        ? budget(asked, costs, honest, LESS * RunSettings.Privacy.CLIP)
        : budget(asked, costs, honest, asked.clip().orElse(RunSettings.Privacy.CLIP));
  }

  private static RoundsBudget budget(
      RunSettings.Privacy asked, Costs costs, int honest, double clip) {
    return RoundsBudget.of(
        asked.epsilon().orElseThrow(),
        asked.delta(),
        clip,
        costs.work().rows(),
        costs.count(),
        honest,
        costs.dimension(),
        NoisyGradient.ROUNDS);
  }

  /** All of it, for digests; what is not given and once did not exist leaves no trace. */
  static String mark(RunSettings.Privacy of) {
    return "Privacy[mechanism=%s, byDefault=%s, scale=%s, shape=%s, spread=%s, epsilon=%s, delta=%s, clip=%s, noise=%s%s]"
        .formatted(
            of.mechanism(),
            of.byDefault(),
            of.scale(),
            of.shape(),
            of.spread(),
            of.epsilon(),
            of.delta(),
            of.clip().orElse(RunSettings.Privacy.CLIP),
            of.noise(),
            of.honest().isPresent() ? ", honest=" + of.honest().getAsInt() : "");
  }

  /** Takes warnings in place of those about columns, which would tell of rows. */
  static Consumer<String> untold(Consumer<String> warnings) {
    boolean[] said = {false};
    return warning -> {
      if (!said[0]) {
        said[0] = true;
        warnings.accept("Warnings about rows and columns are left out: they would tell of rows.");
      }
    };
  }

  /** For the console. */
  static String words(RoundsBudget of) {
    return String.format(
        Locale.ROOT,
        "epsilon %s, delta %s of the whole run: agents add up gradients along a tree, under masks that"
            + " cancel in the sum over all of them. The gradient of each row is clipped to %s, and"
            + " the sum of each of %d rounds has noise of deviation %.3g, also against %d agents that"
            + " tell each other all. This hides any one row of one agent from all others, in all that"
            + " is said and written. It does not hide who holds how many rows, when agents are"
            + " active, and what labels and columns are called. Left out: objective, certificate,"
            + " gap and held-out loss, which would tell of rows",
        of.epsilon(),
        of.delta(),
        of.clip(),
        of.rounds(),
        of.deviation(),
        of.coalition());
  }

  /** For {@code run.json}. */
  static void put(Map<String, @Nullable Object> map, RoundsBudget of, @Nullable Rounds rounds) {
    long begun = rounds == null ? of.rounds() : Math.min(of.rounds(), rounds.begun());
    map.put("neighbours", NEIGHBOURS);
    map.put(
        "statement",
        ("whoever controls at most %d of the agents and sees all that is said and published cannot"
                + " tell two such tables apart but for (epsilon, delta); public are the numbers of"
                + " rows, the clocks, the network, and the names of columns and classes")
            .formatted(of.coalition()));
    map.put("epsilon", of.spent(begun));
    map.put("delta", of.delta());
    map.put("epsilonAllowed", of.epsilon());
    map.put("deltaOfRounding", of.deltaOfRounding());
    map.put("mu", of.after(begun).mu());
    map.put("deviation", of.deviation());
    map.put("sensitivity", of.sensitivity());
    map.put("clip", of.clip());
    map.put("rounds", begun);
    map.put("roundsAllowed", of.rounds());
    map.put("honest", of.honest());
  }

  /** The result, which says how far the rounds came. */
  static Result ended(Result result, @Nullable Rounds rounds) {
    boolean done = result.status() == Result.Status.BUDGET;
    if (rounds == null || (!done && rounds.isOpen())) {
      return rounds == null ? result : rounds.ended(result);
    }
    return new Result(
        result.status(),
        done
            ? "the privacy budget is spent: all %d rounds are done".formatted(rounds.begun())
            : result.stopReason()
                + "; all %d rounds are done, and not all agents have heard of it"
                    .formatted(rounds.begun()),
        result.last(),
        result.trace(),
        result.control(),
        result.seconds());
  }

  /** Of a report of rows, what are counts and names. */
  static Map<String, Object> counts(Map<String, Object> report) {
    Map<String, Object> left = new LinkedHashMap<>();
    report.forEach(
        (key, value) -> {
          if (!TELLING.contains(key)) {
            left.put(key, value instanceof List<?> list ? counts(list) : value);
          }
        });
    return left;
  }

  private static List<Object> counts(List<?> list) {
    List<Object> left = new ArrayList<>();
    for (Object one : list) {
      if (one instanceof Map<?, ?> map) {
        Map<String, Object> some = new LinkedHashMap<>();
        map.forEach((key, value) -> some.put(String.valueOf(key), value));
        left.add(counts(some));
      } else {
        left.add(one);
      }
    }
    return left;
  }
}
