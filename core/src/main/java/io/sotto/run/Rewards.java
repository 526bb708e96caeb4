package io.sotto.run;

import io.sotto.model.PolicyCosts;
import io.sotto.problem.BadInputException;
import io.sotto.result.Trace;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a run by rewards ends. Where all responses to a prompt have one reward, none of them is
 * better than the others, and the prompt teaches nothing: then it cannot go on learning.
 */
final class Rewards {
  /** A run ends after as many ticks without a prompt that teaches something. */
  private static final long TICKS = 50;

  private Rewards() {}

  /**
   * Why a run has nothing to learn any more; null if it has, or learns from something else.
   *
   * @throws BadInputException if it never had
   */
  static @Nullable String ended(Trace trace) {
    if (isLive(trace.last())) {
      return null;
    }
    List<Trace.Point> points = trace.points();
    int live = points.size() - 1;
    while (live >= 0 && !isLive(points.get(live))) {
      live--;
    }
    Trace.Point last = trace.last();
    if (last.tick() - points.get(live + 1).tick() < TICKS) {
      return null;
    }
    double right = last.measured().of(PolicyCosts.ACCURACY);
    String found =
        String.format(
            Locale.ROOT,
            "at each measurement from tick %d to tick %d all responses to one prompt had the same reward,"
                + " for each of at least %d prompts of every agent, so that there is nothing to learn."
                + " Of the responses to held-out prompts %.1f %% are right and %.1f %% wrong. %s",
            points.get(live + 1).tick(),
            last.tick(),
            PolicyCosts.LEAST_PROMPTS,
            100 * right,
            100 * (1 - right),
            remedy(right));
    if (live < 0) {
      throw new BadInputException("tasks.kinds, data.path: " + found);
    }
    return found;
  }

  /** How far a run got that a limit ended; null if it learns from something else. */
  static @Nullable String unfinished(String limit, Trace trace) {
    Trace.Point first = trace.first();
    Trace.Point last = trace.last();
    double reward = last.measured().of(PolicyCosts.REWARD);
    if (Double.isNaN(reward)) {
      return null;
    }
    double half =
        trace.points().stream()
            .filter(point -> point.tick() <= last.tick() / 2)
            .mapToDouble(point -> point.measured().of(PolicyCosts.REWARD))
            .max()
            .orElseThrow();
    return String.format(
        Locale.ROOT,
        "%s; the mean reward of responses to held-out prompts is %.4g, was %.4g at the start and at most"
            + " %.4g up to half the ticks; %.1f %% of them are right (%.1f %% at the start), and %.1f %%"
            + " of prompts still teach something; nothing tells how high the reward can get",
        limit,
        reward,
        first.measured().of(PolicyCosts.REWARD),
        half,
        100 * last.measured().of(PolicyCosts.ACCURACY),
        100 * first.measured().of(PolicyCosts.ACCURACY),
        100 * last.measured().of(PolicyCosts.LIVE_GROUPS));
  }

  private static String remedy(double right) {
    return right >= 0.99
        ? "The task is too easy: take harder prompts in tasks.kinds or data.path."
        : right <= 0.01
            ? "The base is too weak for the task: take easier prompts in tasks.kinds or data.path, a base"
                + " that was trained longer in warm-start, or a larger policy.group."
            : "Some prompts are always answered right, and the others never: raise policy.group or"
                + " policy.temperature.";
  }

  /** True where there is no such number, too. */
  private static boolean isLive(Trace.Point point) {
    return point.measured().of(PolicyCosts.LIVE_GROUPS) != 0;
  }
}
