package io.sotto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.clock.ActivationModel;
import io.sotto.clock.ActivationModels;
import io.sotto.clock.Bernoulli;
import io.sotto.engine.DrawnOrigin;
import io.sotto.engine.Plan;
import io.sotto.engine.Setup;
import io.sotto.problem.LocalObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents measure their costs from an estimate of their own, which is renewed. */
class OwnReferenceTest {
  private static final double START = 7;
  private static final List<Double> REFERENCES = new ArrayList<>();

  /** Agent i is pulled to i, and half as much to its reference. */
  private record Leashed(int[] who, boolean brings) implements LocalObjective {
    @Override
    public int agents() {
      return who.length;
    }

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public double value(int agent, double[] x, int at) {
      return 0;
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      throw new IllegalStateException("there is a reference");
    }

    @Override
    public void subgradient(
        int agent,
        long key,
        double[] x,
        int at,
        double[] reference,
        int referenceAt,
        double[] out) {
      REFERENCES.add(reference[referenceAt]);
      out[0] = x[at] - who[agent] + (x[at] - reference[referenceAt]) / 2;
    }

    @Override
    public void startReference(int agent, double[] x, int at) {
      if (brings) {
        x[at] = -START;
      }
    }

    @Override
    public double smoothness(int agent) {
      return 1.5;
    }
  }

  private static Plan plan(int agents, boolean brings, ActivationModel clock) {
    REFERENCES.clear();
    return Setup.of(who -> new Leashed(who, brings), agents, 1)
        .clock(clock)
        .plan()
        .convex(false) // so that nobody measures subgradients
        .from(new DrawnOrigin((seed, out, at) -> out[at] = START, 1, 1));
  }

  private static Algorithm method(int every) {
    return new OwnReference(
        new AsyncAdam(IdleRule.MIX, new StepSize(0.9, 1), new AsyncAdam.Moments(0, 0.5, 1e-3, 0)),
        every);
  }

  /** Two agents who hear each other, against a loop that does the same. */
  @ParameterizedTest
  @CsvSource({"0, false", "4, false", "4, true", "1, false"})
  void isTheOwnEstimateOfTheLastRenewal(int every, boolean brings) {
    int ticks = 11;
    double[][] found =
        Setup.estimates(plan(2, brings, ActivationModels.always()), method(every), ticks);
    double[] x = {START, START};
    double[] from = brings ? new double[] {-START, -START} : x.clone();
    double[] q = new double[2];
    for (int k = 1; k <= ticks; k++) {
      double mix = (x[0] + x[1]) / 2;
      for (int i = 0; i < 2; i++) {
        double g = mix - i + (mix - from[i]) / 2;
        q[i] = 0.5 * q[i] + 0.5 * g * g;
        x[i] = mix - 0.9 / k * g / (Math.sqrt(q[i] / (1 - Math.pow(0.5, k))) + 1e-3);
        if (every > 0 && k % every == 0) {
          from[i] = x[i];
        }
      }
    }
    for (int i = 0; i < 2; i++) {
      assertThat(found[i][0]).as("agent %d", i).isCloseTo(x[i], within(1e-12));
    }
  }

  /** With a rate of 1/4 its n-th update is tick 4 n to it: it passes 10 at the third, and so on. */
  @Test
  void anAgentCountsTicksByItsOwnClock() {
    Setup.estimates(plan(1, false, new Bernoulli(3, 0.25, Map.of())), method(10), 60);
    List<Integer> renewed = new ArrayList<>();
    for (int n = 1; n < REFERENCES.size(); n++) {
      if (!REFERENCES.get(n).equals(REFERENCES.get(n - 1))) {
        renewed.add(n); // after its n-th update
      }
    }
    assertThat(REFERENCES.size()).isGreaterThan(10);
    assertThat(renewed).startsWith(3, 5, 8, 10);
  }

  @Test
  void otherMethodsAreRefused() {
    Algorithm says = new AsyncAdam(IdleRule.MIX, new StepSize(1, 1), AsyncAdam.Moments.USUAL);
    assertThatThrownBy(() -> new OwnReference(says, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
