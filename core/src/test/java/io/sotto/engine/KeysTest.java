package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.AsyncAdmm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import io.sotto.problem.LocalObjective;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every subgradient is asked for with a key of its agent, its tick and what it is for. */
class KeysTest {
  private static final int AGENTS = 4;

  /** Remembers the keys that its agents were asked with. */
  private record Asked(LocalObjective plain, List<Long> keys) implements LocalObjective {
    @Override
    public int agents() {
      return plain.agents();
    }

    @Override
    public int dimension() {
      return plain.dimension();
    }

    @Override
    public double value(int agent, double[] x, int at) {
      return plain.value(agent, x, at);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      keys.add(key);
      plain.subgradient(agent, key, x, at, out);
    }

    @Override
    public boolean exact() {
      return false;
    }

    @Override
    public double smoothness(int agent) {
      return plain.smoothness(agent);
    }
  }

  static Stream<Algorithm> methods() {
    return Stream.of(
        AsyncAdmm.of(1), new ProjectedSubgradient(IdleRule.MIX, new StepSize(0.1, 0.6)));
  }

  private static List<Long> keys(Algorithm algorithm, int ticks) {
    List<Long> keys = new ArrayList<>();
    Quadratics costs = Quadratics.random(AGENTS, 2, 3);
    Setup.run(
        Setup.of(agents -> new Asked(costs.load(agents), keys), AGENTS, 2).plan(),
        algorithm,
        ticks);
    return keys;
  }

  /** A run is measured at tick 0 and at its end. */
  @ParameterizedTest
  @MethodSource("methods")
  void keysAreNeverTheSame(Algorithm algorithm) {
    List<Long> longer = keys(algorithm, 40);
    assertThat(longer).hasSizeGreaterThan(2 * AGENTS + 20).doesNotHaveDuplicates();
    assertThat(longer).doesNotContain(0L);
    List<Long> shorter = keys(algorithm, 20);
    List<Long> end = shorter.subList(shorter.size() - AGENTS, shorter.size());
    Set<Long> updates = new HashSet<>(longer);
    assertThat(updates).containsAll(shorter.subList(0, shorter.size() - AGENTS));
    assertThat(updates).as("measured at another tick").doesNotContainAnyElementsOf(end);
  }
}
