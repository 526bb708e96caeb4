package io.sotto.config;

import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.AsyncAdam;
import io.sotto.problem.Parameters;
import io.sotto.run.RunSettings;
import io.sotto.run.Stepping;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Reads the block {@code algorithm}.
 *
 * @param values what was given
 */
record AlgorithmReader(Values values) {
  private static final String NAME = "algorithm.name";
  private static final String ADAM = "async-adam";
  private static final String PART = "a number from 0 on, below 1";

  /** What is not used unless the method is async-adam. */
  static List<String> ofAdam() {
    return List.of(
        "algorithm.adam.beta1",
        "algorithm.adam.beta2",
        "algorithm.adam.epsilon",
        "algorithm.adam.decay");
  }

  /** True if a method may use those keys. */
  static boolean isAdam(RunSettings.Algorithm algorithm) {
    return algorithm.name().equals(ADAM) || algorithm.name().equals(RunSettings.Algorithm.AUTO);
  }

  RunSettings.Algorithm algorithm() {
    return new RunSettings.Algorithm(
        method(),
        values.flag("algorithm.allow-leaking"),
        values.choice("algorithm.scale", RunSettings.Scale.class),
        new RunSettings.Step(
            values.auto("algorithm.step.initial")
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                    values.number(
                        "algorithm.step.initial", a -> a > 0, "auto or a number above 0")),
            values.number(
                "algorithm.step.exponent",
                q -> q > 0.5 && q <= 1,
                "a number above 0.5, at most 1")),
        (int)
            values.whole("algorithm.max-coordinates", 0, 10_000, "a whole number from 0 to 10000"),
        stepping());
  }

  private Stepping stepping() {
    return new Stepping(
        values.choice("algorithm.step.schedule", Stepping.Schedule.class),
        part("algorithm.step.warm-up"),
        values.number(
            "algorithm.step.floor", a -> a >= 0 && a <= 1, "a number from 0 on, at most 1"),
        (int)
            values.whole("algorithm.local-steps", 1, 1_000_000, "a whole number from 1 to 1000000"),
        values.number("algorithm.outer.step", a -> a >= 0, "a number from 0 on"),
        part("algorithm.outer.momentum"),
        new AsyncAdam.Moments(
            part("algorithm.adam.beta1"),
            part("algorithm.adam.beta2"),
            values.number("algorithm.adam.epsilon", a -> a > 0, "a number above 0"),
            values.number("algorithm.adam.decay", a -> a >= 0, "a number from 0 on")));
  }

  private double part(String path) {
    return values.number(path, a -> a >= 0 && a < 1, PART);
  }

  /** A method, or auto. */
  private String method() {
    String name = values.text(NAME, "name a method, or auto");
    if (!values.auto(NAME)) {
      values.made(
          values.at(NAME),
          () -> Algorithms.REGISTRY.make(NAME, name, new Parameters(NAME, Map.of())));
    }
    return name;
  }
}
