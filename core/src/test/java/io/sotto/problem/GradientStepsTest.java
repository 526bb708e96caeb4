package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inner gradient steps ask for subgradients with keys of their own. */
class GradientStepsTest {

  /** Remembers the keys that it was asked with. */
  private record Asked(double smoothness, List<Long> keys) implements LocalObjective {
    @Override
    public int agents() {
      return 1;
    }

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public double value(int agent, double[] x, int at) {
      return x[at] * x[at] / 2;
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      keys.add(key);
      out[0] = x[at];
    }

    @Override
    public double smoothness(int agent) {
      return smoothness;
    }
  }

  private static List<Long> keys(double smoothness, long key) {
    List<Long> keys = new ArrayList<>();
    Proximal steps = new Asked(smoothness, keys).proximal();
    ConstraintSet free = new WholeSpace();
    steps.step(
        0, key, new double[1], 0, new double[1], 1, free, 1, new double[0], 0, new double[2]);
    return keys;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, Double.POSITIVE_INFINITY})
  void eachStepHasItsKey(double smoothness) {
    List<Long> keys = keys(smoothness, 5);
    assertThat(keys).hasSizeGreaterThanOrEqualTo(20).doesNotHaveDuplicates();
    assertThat(keys(smoothness, 5)).isEqualTo(keys);
    assertThat(new HashSet<>(keys(smoothness, 6))).doesNotContainAnyElementsOf(keys);
  }
}
