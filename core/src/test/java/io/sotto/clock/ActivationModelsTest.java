package io.sotto.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.Parameters;
import io.sotto.problem.Registry;
import java.util.BitSet;
import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every activation model promises. A count of chance may miss its mean by 6 deviations: about
 * 2e-9 for each of the fifty counts here, were the seed not fixed.
 */
class ActivationModelsTest {
  private static final long SEED = 1512;
  private static final int AGENTS = 6;
  private static final int TICKS = 40_000;
  private static final Map<Integer, Double> RATES = Map.of(1, 0.05, 2, 0.9, 4, 1.0);

  static Collection<Registry.Entry<ActivationModels.Family>> models() {
    return ActivationModels.REGISTRY.entries();
  }

  private static ActivationModel make(Registry.Entry<ActivationModels.Family> entry, long seed) {
    return entry.makeExample().of(seed, 0.5, RATES);
  }

  private static BitSet mask(ActivationModel model, int agent) {
    BitSet mask = new BitSet(TICKS);
    for (int tick = 1; tick <= TICKS; tick++) {
      mask.set(tick - 1, model.active(agent, tick));
    }
    return mask;
  }

  private static void assertShare(int count, int of, double share, String what) {
    double deviation = Math.sqrt(of * share * (1 - share));
    assertThat((double) count)
        .as("%s, seed %d", what, SEED)
        .isCloseTo(of * share, within(6 * deviation + 1e-9));
  }

  @ParameterizedTest
  @MethodSource("models")
  void ringsAtItsStatedRate(Registry.Entry<ActivationModels.Family> entry) {
    ActivationModel model = make(entry, SEED);
    for (int agent = 0; agent < AGENTS; agent++) {
      assertThat(model.rate(agent)).isGreaterThan(0).isLessThanOrEqualTo(1);
      int rings = mask(model, agent).cardinality();
      assertShare(rings, TICKS, model.rate(agent), entry + ", agent " + agent);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void agentsAndTicksAreIndependent(Registry.Entry<ActivationModels.Family> entry) {
    ActivationModel model = make(entry, SEED);
    for (int agent = 0; agent < AGENTS; agent++) {
      BitSet mask = mask(model, agent);
      BitSet shifted = mask.get(1, TICKS);
      shifted.and(mask);
      double rate = model.rate(agent);
      assertShare(shifted.cardinality(), TICKS - 1, rate * rate, entry + " and its next tick");
      for (int other = 0; other < agent; other++) {
        BitSet both = mask(model, other);
        both.and(mask);
        double share = rate * model.rate(other);
        assertShare(both.cardinality(), TICKS, share, entry + " of " + agent + " and " + other);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void maskIsAFunctionOfSeedAgentAndTick(Registry.Entry<ActivationModels.Family> entry) {
    ActivationModel model = make(entry, SEED);
    BitSet[] forward = new BitSet[AGENTS];
    for (int agent = 0; agent < AGENTS; agent++) {
      forward[agent] = mask(model, agent);
    }
    ActivationModel second = make(entry, SEED);
    for (int tick = TICKS; tick >= 1; tick--) {
      for (int agent = AGENTS - 1; agent >= 0; agent--) {
        if (second.active(agent, tick) != forward[agent].get(tick - 1)) {
          throw new AssertionError("%s: agent %d at tick %d".formatted(entry, agent, tick));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void anotherSeedIsAnotherMask(Registry.Entry<ActivationModels.Family> entry) {
    ActivationModel model = make(entry, SEED);
    for (int agent = 0; agent < AGENTS; agent++) {
      boolean same = mask(model, agent).equals(mask(make(entry, SEED + 1), agent));
      assertThat(same).as("%s, agent %d", entry, agent).isEqualTo(model.rate(agent) == 1);
    }
  }

  @Test
  void alwaysIsAlways() {
    assertThat(mask(ActivationModels.always(), 3).cardinality()).isEqualTo(TICKS);
    assertThat(ActivationModels.always().rate(3)).isEqualTo(1);
  }

  /** Rates above 1 are rings in a tick, of which at least one falls with 1 - e^-rate. */
  @Test
  void poissonClocksRingAtLeastOnce() {
    ActivationModel model =
        ActivationModels.REGISTRY
            .make("clock.model", "poisson", new Parameters("clock", Map.of()))
            .of(SEED, 0.5, Map.of(1, 3.0, 2, 1e3));
    assertThat(model.rate(0)).isCloseTo(1 - Math.exp(-0.5), within(1e-15));
    assertThat(model.rate(1)).isCloseTo(1 - Math.exp(-3), within(1e-15));
    assertThat(model.rate(2)).isEqualTo(1);
    assertShare(mask(model, 1).cardinality(), TICKS, model.rate(1), "poisson");
  }

  @Test
  void ratesByAgentWinOverTheCommonOne() {
    Bernoulli model = new Bernoulli(SEED, 0.5, RATES);
    assertThat(model.rate(0)).isEqualTo(0.5);
    assertThat(model.rate(1)).isEqualTo(0.05);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.0001, Double.NaN})
  void ratesOutsideAreRefused(double rate) {
    assertThatThrownBy(() -> new Bernoulli(SEED, rate, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Double.toString(rate));
    assertThatThrownBy(() -> new Bernoulli(SEED, 0.5, Map.of(3, rate)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Double.toString(rate));
  }
}
