package io.sotto.algorithm;

import static io.sotto.algorithm.Condition.BORDER_DELAY;
import static io.sotto.algorithm.Condition.CHANGING_LINKS;
import static io.sotto.algorithm.Condition.CONVEX;
import static io.sotto.algorithm.Condition.DIFFERENTIAL_PRIVACY;
import static io.sotto.algorithm.Condition.DIRECTED;
import static io.sotto.algorithm.Condition.HOLD;
import static io.sotto.algorithm.Condition.IDLE_AGENTS;
import static io.sotto.algorithm.Condition.L1;
import static io.sotto.algorithm.Condition.L1_IN_SETS;
import static io.sotto.algorithm.Condition.LATE_MESSAGES;
import static io.sotto.algorithm.Condition.LOCAL_STEPS;
import static io.sotto.algorithm.Condition.LOST_MESSAGES;
import static io.sotto.algorithm.Condition.MASKED_SUMS;
import static io.sotto.algorithm.Condition.NOISY_SUMS;
import static io.sotto.algorithm.Condition.NONCONVEX;
import static io.sotto.algorithm.Condition.NONSMOOTH;
import static io.sotto.algorithm.Condition.OUTAGES_AND_DELAY;
import static io.sotto.algorithm.Condition.OWN_SETS;
import static io.sotto.algorithm.Condition.PRIVATE_STEPS;
import static io.sotto.algorithm.Condition.SETS;
import static io.sotto.algorithm.Condition.STOCHASTIC;
import static io.sotto.algorithm.Condition.UNDIRECTED;
import static io.sotto.algorithm.Method.Privacy.LEAKING;
import static io.sotto.algorithm.Method.Privacy.LINKS;
import static io.sotto.algorithm.Method.Privacy.SUMS;
import static io.sotto.algorithm.Method.Privacy.UNHEARD_PART;

import io.sotto.problem.Registry;
import java.util.Map;
import java.util.Set;

/** The methods that a configuration can name under {@code algorithm.name}. */
public final class Algorithms {
  /** The name of the method whose messages are sums. */
  public static final String SUMS_OF_ALL = "secure-newton";

  /** The name of the method whose messages are sums with noise. */
  public static final String NOISY_SUMS_OF_ALL = "secure-gradient";

  /** Up to so many coordinates second derivatives are summed, unless something else is said. */
  public static final int COORDINATES = 500;

  /** By name; the first is the default one. */
  public static final Registry<Method> REGISTRY =
      new Registry<Method>("algorithm")
          .add(
              "async-projected-subgradient",
              Map.of(),
              p ->
                  new Method(
                      ProjectedSubgradient::new,
                      Set.of(
                          CONVEX,
                          NONCONVEX,
                          LOCAL_STEPS,
                          IDLE_AGENTS,
                          HOLD,
                          BORDER_DELAY,
                          LATE_MESSAGES,
                          LOST_MESSAGES,
                          CHANGING_LINKS,
                          UNDIRECTED,
                          SETS,
                          OWN_SETS,
                          NONSMOOTH,
                          STOCHASTIC,
                          L1,
                          L1_IN_SETS,
                          PRIVATE_STEPS,
                          DIFFERENTIAL_PRIVACY),
                      UNHEARD_PART,
                      false))
          .add(
              "async-admm",
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> AsyncAdmm.of(step.initial()),
                      Set.of(
                          CONVEX,
                          IDLE_AGENTS,
                          HOLD,
                          BORDER_DELAY,
                          LATE_MESSAGES,
                          LOST_MESSAGES,
                          CHANGING_LINKS,
                          OUTAGES_AND_DELAY,
                          UNDIRECTED,
                          SETS,
                          OWN_SETS,
                          NONSMOOTH,
                          L1,
                          L1_IN_SETS),
                      LINKS,
                      true))
          .add(
              "synchronous-subgradient",
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> new SynchronousSubgradient(step),
                      Set.of(
                          CONVEX,
                          NONCONVEX,
                          LOCAL_STEPS,
                          BORDER_DELAY,
                          LATE_MESSAGES,
                          LOST_MESSAGES,
                          CHANGING_LINKS,
                          UNDIRECTED,
                          SETS,
                          NONSMOOTH,
                          STOCHASTIC,
                          L1,
                          L1_IN_SETS,
                          PRIVATE_STEPS,
                          DIFFERENTIAL_PRIVACY),
                      LEAKING,
                      false))
          .add(
              "dual-averaging",
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> new DualAveraging(step),
                      Set.of(
                          CONVEX,
                          IDLE_AGENTS,
                          CHANGING_LINKS,
                          UNDIRECTED,
                          SETS,
                          NONSMOOTH,
                          STOCHASTIC,
                          L1,
                          L1_IN_SETS,
                          PRIVATE_STEPS,
                          DIFFERENTIAL_PRIVACY),
                      LEAKING,
                      false))
          .add(
              "async-adam",
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> new AsyncAdam(idle, step, AsyncAdam.Moments.USUAL),
                      Set.of(
                          NONCONVEX,
                          LOCAL_STEPS,
                          IDLE_AGENTS,
                          HOLD,
                          BORDER_DELAY,
                          LATE_MESSAGES,
                          LOST_MESSAGES,
                          CHANGING_LINKS,
                          UNDIRECTED,
                          SETS,
                          OWN_SETS,
                          NONSMOOTH,
                          STOCHASTIC),
                      UNHEARD_PART,
                      false))
          .add(
              "gradient-tracking",
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> new GradientTracking(step.initial()),
                      Set.of(CONVEX, CHANGING_LINKS, UNDIRECTED),
                      LEAKING,
                      true))
          .add(
              "nids",
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> new Nids(step.initial()),
                      Set.of(CONVEX, UNDIRECTED, SETS, OWN_SETS, L1),
                      LEAKING,
                      true))
          .add(
              "pg-extra",
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> new PgExtra(step.initial()),
                      Set.of(CONVEX, UNDIRECTED, SETS, OWN_SETS, L1),
                      LEAKING,
                      true))
          .add(
              "subgradient-push",
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> new SubgradientPush(step),
                      Set.of(
                          CONVEX,
                          IDLE_AGENTS,
                          BORDER_DELAY,
                          LATE_MESSAGES,
                          UNDIRECTED,
                          DIRECTED,
                          NONSMOOTH,
                          STOCHASTIC,
                          L1,
                          PRIVATE_STEPS,
                          DIFFERENTIAL_PRIVACY),
                      LEAKING,
                      false))
          .add(
              SUMS_OF_ALL,
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> new SummingRounds(new SecureNewton(COORDINATES)),
                      Set.of(
                          CONVEX,
                          IDLE_AGENTS,
                          HOLD,
                          BORDER_DELAY,
                          LATE_MESSAGES,
                          LOST_MESSAGES,
                          CHANGING_LINKS,
                          OUTAGES_AND_DELAY,
                          UNDIRECTED,
                          SETS,
                          L1,
                          MASKED_SUMS),
                      SUMS,
                      true))
          .add(
              NOISY_SUMS_OF_ALL,
              Map.of(),
              p ->
                  new Method(
                      (idle, step) -> new SummingRounds(NoisyGradient.usual()),
                      Set.of(
                          CONVEX,
                          IDLE_AGENTS,
                          HOLD,
                          BORDER_DELAY,
                          LATE_MESSAGES,
                          LOST_MESSAGES,
                          CHANGING_LINKS,
                          OUTAGES_AND_DELAY,
                          UNDIRECTED,
                          SETS,
                          NONSMOOTH,
                          L1,
                          NOISY_SUMS),
                      Method.Privacy.NOISY_SUMS,
                      true));

  private Algorithms() {}
}
