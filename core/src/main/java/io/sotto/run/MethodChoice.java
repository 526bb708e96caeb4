package io.sotto.run;

import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.Condition;
import io.sotto.algorithm.Method;
import io.sotto.algorithm.Method.Privacy;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The method that a run uses, and why.
 *
 * @param name in the registry
 * @param method the method
 * @param why it was chosen, and what it tells neighbours
 */
public record MethodChoice(String name, Method method, String why) {

  /** Those that auto looks at, the one with the fewest ticks first. */
  private static final List<String> CANDIDATES =
      List.of("async-admm", "nids", "async-projected-subgradient", "subgradient-push");

  /** That for costs that are not convex; auto takes it for no other. */
  private static final List<String> NOT_CONVEX = List.of("async-adam");

  /** Those of them whose step is a schedule and that ask for nothing but subgradients. */
  private static final List<String> SCHEDULED =
      List.of("async-projected-subgradient", "subgradient-push");

  /**
   * The method that is named or, for auto, the first candidate that supports all conditions of the
   * run.
   *
   * @param rough whether proximal steps are only rough approximations, as for a user's own cost
   *     that is not smooth
   * @throws BadInputException if the named method does not support the conditions, or no candidate
   *     does
   */
  static MethodChoice of(RunSettings.Algorithm asked, Set<Condition> conditions, boolean rough) {
    if (conditions.contains(Condition.MASKED_SUMS)) {
      return sums(asked, conditions, Condition.MASKED_SUMS, Algorithms.SUMS_OF_ALL, "sums");
    }
    if (conditions.contains(Condition.NOISY_SUMS)) {
      return sums(asked, conditions, Condition.NOISY_SUMS, Algorithms.NOISY_SUMS_OF_ALL, "rows");
    }
    if (asked.name().equals(RunSettings.Algorithm.AUTO)) {
      if (conditions.contains(Condition.NONCONVEX)) {
        return auto(NOT_CONVEX, "", asked, conditions);
      }
      if (asked.step().initial().isPresent()) {
        return auto(
            SCHEDULED, "have a schedule of steps, whose first is given, and ", asked, conditions);
      }
      return rough
          ? auto(SCHEDULED, "ask for subgradients only and ", asked, conditions)
          : auto(CANDIDATES, "", asked, conditions);
    }
    Method method = method(asked.name());
    Set<Condition> fails = method.fails(conditions);
    if (!fails.isEmpty()) {
      throw new BadInputException(
          ("algorithm.name is '%s', which does not %s with %s: %s; or set algorithm.name = auto.")
              .formatted(
                  asked.name(),
                  conditions.contains(Condition.NONCONVEX)
                      ? "end near a stationary point"
                      : "find the optimum",
                  all(fails),
                  remedies(fails)));
    }
    return new MethodChoice(
        asked.name(), method, "algorithm.name asks for it; " + method.privacy().words());
  }

  /**
   * The method whose messages are sums.
   *
   * @param kind of sums
   * @param usual the method that auto takes
   * @param protect what {@code privacy.protect} is
   */
  private static MethodChoice sums(
      RunSettings.Algorithm asked,
      Set<Condition> conditions,
      Condition kind,
      String usual,
      String protect) {
    boolean auto = asked.name().equals(RunSettings.Algorithm.AUTO);
    String name = auto ? usual : asked.name();
    Method method = method(name);
    if (!method.supports().contains(kind)) {
      throw new BadInputException(
          ("privacy.protect is %s, and algorithm.name is '%s', which %s: set algorithm.name = auto, or"
                  + " privacy.protect = offsets.")
              .formatted(
                  protect,
                  name,
                  kind == Condition.MASKED_SUMS
                      ? "needs what each agent says and not only sums"
                      : "has no noise on sums"));
    }
    Set<Condition> fails = method.fails(conditions);
    if (!fails.isEmpty()) {
      throw new BadInputException(
          "privacy.protect is %s, and its method %s does not support %s: %s; or set privacy.protect = offsets."
              .formatted(protect, name, words(fails), remedies(fails)));
    }
    return new MethodChoice(
        name,
        method,
        "%s; %s"
            .formatted(
                auto
                    ? "privacy.protect = %s asks for it".formatted(protect)
                    : "algorithm.name asks for it",
                method.privacy().words()));
  }

  private static MethodChoice auto(
      List<String> candidates,
      String which,
      RunSettings.Algorithm asked,
      Set<Condition> conditions) {
    for (String name : candidates) {
      Method method = method(name);
      boolean allowed = asked.allowLeaking() || method.privacy() != Privacy.LEAKING;
      if (allowed && method.fails(conditions).isEmpty()) {
        return new MethodChoice(
            name,
            method,
            "of the methods that %ssupport %s, it needs the fewest ticks; %s"
                .formatted(
                    which,
                    words(conditions).isEmpty() ? "this" : words(conditions),
                    method.privacy().words()));
      }
    }
    boolean leakingWould =
        candidates.stream().anyMatch(name -> method(name).fails(conditions).isEmpty());
    throw new BadInputException(
        leakingWould
            ? "algorithm.name is auto, and of the methods that support %s all let neighbours learn"
                    .formatted(words(conditions))
                + " subgradients: set algorithm.allow-leaking = true, or change the configuration."
            : "algorithm.name is auto, and no method supports %s: %s."
                .formatted(words(conditions), remedies(conditions)));
  }

  private static Method method(String name) {
    return Algorithms.REGISTRY.make("algorithm.name", name, new Parameters("algorithm", Map.of()));
  }

  /** All of them. */
  private static String all(Set<Condition> conditions) {
    return conditions.stream().map(Condition::words).collect(Collectors.joining(", "));
  }

  /** What is worth saying: convex costs and links that go both ways are what everybody expects. */
  private static String words(Set<Condition> conditions) {
    return conditions.stream()
        .filter(c -> c != Condition.UNDIRECTED && c != Condition.CONVEX)
        .map(Condition::words)
        .collect(Collectors.joining(", "));
  }

  private static String remedies(Set<Condition> conditions) {
    return conditions.stream().map(Condition::remedy).collect(Collectors.joining("; "));
  }
}
