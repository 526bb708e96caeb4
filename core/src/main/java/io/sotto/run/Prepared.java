package io.sotto.run;

import io.sotto.algorithm.Algorithm;
import io.sotto.engine.Coordinator;
import io.sotto.engine.DivergedException;
import io.sotto.engine.Engine;
import io.sotto.engine.Plan;
import io.sotto.engine.Runner;
import io.sotto.engine.Shards;
import io.sotto.problem.Disclosure;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleFunction;

/**
 * A run that is ready to go: everything about it is decided but the first step.
 *
 * @param settings the settings, with what was chosen in place of what was left open, except for the
 *     step
 * @param costs what agents hold
 * @param around the network, the clocks and what becomes of messages
 * @param plan the run
 * @param algorithm the algorithm for a first step
 * @param memory what it takes
 * @param warmStart what the run starts from, if not from 0
 * @param protection the mechanism
 * @param digest a digest of all that messages depend on
 * @param engine what computes it
 * @param why the reason for each choice, by what was chosen: algorithm, engine, cells,
 *     ticksPerSuperstep
 * @param disclosure what the rows of each agent must hold to
 */
public record Prepared(
    RunSettings settings,
    Costs costs,
    NetworkAndClocks around,
    Plan plan,
    DoubleFunction<Algorithm> algorithm,
    Memory memory,
    Optional<WarmStart> warmStart,
    Protection protection,
    String digest,
    Engine engine,
    Map<String, String> why,
    Disclosure disclosure) {

  /**
   * The first step that the earlier run suggests for this one; NaN if there is none or it does not
   * fit.
   */
  double earlierStep() {
    Schema schema = costs.schema();
    boolean standardized = schema != null && schema.standardized();
    return warmStart
        .map(start -> start.step(settings, standardized, plan.agents()))
        .orElse(Double.NaN);
  }

  /** The same over other rows. */
  Prepared over(Shards others) {
    return with(plan.over(others), protection, disclosure);
  }

  /** The same, with rules that the rows of each agent must hold to. */
  Prepared disclosing(Disclosure rules) {
    return with(plan, protection, rules);
  }

  private Prepared with(Plan other, Protection under, Disclosure rules) {
    return new Prepared(
        settings, costs, around, other, algorithm, memory, warmStart, under, digest, engine, why,
        rules);
  }

  /** The same by another plan, over costs of another nature, under another name. */
  Prepared refitted(Plan other, String name, Costs.Nature nature) {
    return new Prepared(
        settings,
        costs.of(nature),
        around,
        other,
        algorithm,
        memory,
        warmStart,
        protection,
        name,
        engine,
        why,
        disclosure);
  }

  /**
   * A run whose rows are loaded.
   *
   * @param prepared with what could be known once rows were loaded
   * @param runner over its cells, not started yet
   * @param cells the same cells, also once the run is asked to end
   */
  public record Opened(Prepared prepared, Runner runner, Coordinator cells)
      implements AutoCloseable {
    /** Closes the cells. */
    @Override
    public void close() {
      cells.close();
    }
  }

  /** The same for a run that nobody asks to end. */
  public Opened open() {
    return open(() -> false);
  }

  /**
   * Loads the rows into cells, which then say whether they hold to the rules of disclosure control,
   * and sizes offsets by them. The caller closes what is returned.
   *
   * @param interrupted asked before every superstep and question; once true, the runner throws
   * @throws io.sotto.problem.BadInputException if rows of an agent break a rule
   */
  public Opened open(BooleanSupplier interrupted) {
    if (disclosure.isOn()) {
      RowsProtection.requireNoRules(protection);
    }
    Coordinator cells = engine.open(plan);
    try {
      if (disclosure.isOn()) {
        Refusal.require(this, cells);
      }
      Runner runner = new Runner(plan, new StoppableCells(cells, interrupted));
      Optional<Protection> sized = protection.sized(runner, this);
      if (sized.isEmpty()) {
        return new Opened(this, runner, cells);
      }
      Runner moved =
          runner.under(sized.get().mechanism(around.network(), plan.dimension(), digest));
      return new Opened(with(moved.plan(), sized.get(), disclosure), moved, cells);
    } catch (RuntimeException | Error e) {
      cells.close();
      throw e;
    }
  }

  /** The reason for a choice. */
  public String because(String key) {
    return why.getOrDefault(key, "");
  }

  /** A message for a run that diverged, with what to do. */
  public String explain(DivergedException e) {
    String who =
        e.agent() < 0
            ? "The objective is not finite, or grew without bound, at tick %d.".formatted(e.tick())
            : "The estimate of agent '%s' is not finite, or grew without bound, at tick %d."
                .formatted(costs.agents().get(e.agent()), e.tick());
    if (!costs.nature().convex()) {
      return who + " Likely the steps are too long: lower algorithm.step.initial.";
    }
    return who
        + " Likely the steps are too long: lower algorithm.step.initial, or set it to auto;"
        + " or the loss overflows: standardize, or bound the coefficients by a set.";
  }
}
