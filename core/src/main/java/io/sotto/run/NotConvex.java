package io.sotto.run;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Ball;
import io.sotto.problem.Box;
import io.sotto.problem.ConstraintSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What does not go with costs that are not convex: a lower bound of F*, and all that rests on one.
 * What nobody asked for gives way; what somebody asked for is refused.
 */
final class NotConvex {
  /** Why a mechanism is refused, or left out. */
  static final String NO_OFFSETS =
      "the costs are not convex, and offsets do not cancel in Adam or where subgradients are clipped";

  private static final String BUT = " is %s, but the costs are not convex: ";

  private NotConvex() {}

  /**
   * The settings for costs that are not convex.
   *
   * @param why takes the reasons
   * @throws BadInputException if something is asked for that cannot be had
   */
  static RunSettings settings(RunSettings asked, Map<String, String> why) {
    RunSettings.Stop stop = asked.stop();
    if (stop.tolerance() > 0 && !stop.toleranceByDefault()) {
      throw refused(
          "stop.tolerance",
          stop.tolerance(),
          "nothing tells how far F is from its least value. Set stop.tolerance = 0, and end the run by"
              + " stop.max-ticks");
    }
    if (stop.requireCertificate()) {
      throw refused(
          "stop.require-certificate",
          true,
          "there is no lower bound of F to certify. Set it to false");
    }
    RunSettings.Privacy privacy = asked.privacy();
    if (privacy.mechanism() != RunSettings.Mechanism.NONE && !privacy.byDefault()) {
      boolean offsets = privacy.mechanism() == RunSettings.Mechanism.OFFSETS;
      throw new BadInputException(
          "privacy.protect is %s, but %s. Set privacy.protect = none."
              .formatted(
                  privacy.mechanism().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                  offsets
                      ? NO_OFFSETS
                      : "the costs are not convex, and no method for them supports it"));
    }
    List<RunSettings.Constraint> sets = asked.constraints();
    for (int i = 0; i < sets.size(); i++) {
      ConstraintSet set = sets.get(i).set().value();
      if (!(set instanceof Ball || set instanceof Box)) {
        throw refused(
            RunSettings.Constraint.key(i) + ".set",
            sets.get(i).set().name(),
            "only the sets ball and box are tried with such costs. Take one of these");
      }
    }
    why.put("tolerance", "0: the costs are not convex, and the run ends at stop.max-ticks");
    return asked.stop(stop.tolerance(0));
  }

  /**
   * Refuses for convex costs what is for others only: the argument that a run ends at the optimum
   * needs steps that shrink as powers do, and exchanges that take the mix.
   */
  static void requireConvex(RunSettings asked) {
    Stepping stepping = asked.algorithm().stepping();
    if (stepping.schedule() == Stepping.Schedule.COSINE) {
      throw new BadInputException(
          "algorithm.step.schedule is cosine, but the costs are convex: with such steps a run would stop"
              + " short of the optimum. Set algorithm.step.schedule = power.");
    }
    if (stepping.outerStep() > 0) {
      throw new BadInputException(
          "algorithm.outer.step is %s, but the costs are convex: outer steps are for costs that are not."
                  .formatted(stepping.outerStep())
              + " Set algorithm.outer.step = 0.");
    }
  }

  /** Refuses an audit, whose attacks know linear models and agents who exchange at every tick. */
  static void requireAuditable(Prepared prepared) {
    if (!prepared.costs().nature().convex()) {
      throw new BadInputException(
          "An audit is not possible: the costs are not convex, and its attacks are those on generalised"
              + " linear models. Take a problem with a problem.loss.");
    }
    int steps = prepared.settings().algorithm().stepping().localSteps();
    if (steps > 1) {
      throw new BadInputException(
          ("algorithm.local-steps is %d, and the attacks of an audit know agents who exchange at every"
                  + " tick only. Set algorithm.local-steps = 1.")
              .formatted(steps));
    }
  }

  private static BadInputException refused(String key, Object value, String why) {
    return new BadInputException((key + BUT + "%s.").formatted(value, why));
  }
}
