package io.sotto.privacy.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.Setup;
import io.sotto.network.Links;
import io.sotto.network.Network;
import io.sotto.privacy.mechanism.KeyGraph;
import io.sotto.privacy.mechanism.Offsets;
import io.sotto.privacy.mechanism.PairKeys;
import io.sotto.privacy.mechanism.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;

/** Bounds against what resistances are known to be, and against a test that reaches them. */
class OffsetBoundTest {
  private static final int[] NOBODY = {};

  private static Links complete(int agents) {
    return KeyGraph.of(Setup.network("complete", agents, Map.of()));
  }

  @Test
  void resistancesAreThoseOfTheGraphOfKeys() {
    assertThat(OffsetBound.resistance(complete(8), NOBODY, -1)).isCloseTo(2.0 / 8, within(1e-12));
    assertThat(OffsetBound.resistance(complete(8), new int[] {1, 5}, -1))
        .isCloseTo(2.0 / 6, within(1e-12));
    Links path = KeyGraph.neighbours(Setup.network("path", 5, Map.of()));
    assertThat(OffsetBound.resistance(path, NOBODY, -1)).isCloseTo(4, within(1e-12));
    assertThat(OffsetBound.resistance(path, NOBODY, 1)).isCloseTo(3, within(1e-12));
    Links ring = KeyGraph.neighbours(Setup.network("ring", 6, Map.of()));
    assertThat(OffsetBound.resistance(ring, NOBODY, -1)).isCloseTo(1.5, within(1e-12));
    assertThat(OffsetBound.resistance(ring, new int[] {0}, -1)).isCloseTo(4, within(1e-12));
  }

  @Test
  void whoSharesNoKeyWithHonestAgentsIsPromisedNothing() {
    Links ring = KeyGraph.neighbours(Setup.network("ring", 6, Map.of()));
    assertThat(OffsetBound.against(ring, new int[] {1, 3}, 0.1)).isEqualTo(1);
    Network all = Setup.network("complete", 8, Map.of());
    OffsetBound bound = OffsetBound.of(complete(8), all, 1);
    assertThat(bound.neighbourhood()).as("all others together").isEqualTo(1);
    assertThat(bound.neighbour()).isBetween(0.01, 0.99);
    assertThat(bound.eavesdropper()).isLessThan(bound.neighbour());
  }

  /** On a ring of keys without agent 0, 1 and 2 are one link apart, 1 and 5 four. */
  @Test
  void twoAgentsHaveABoundOfTheirOwn() {
    Links ring = KeyGraph.neighbours(Setup.network("ring", 6, Map.of()));
    int[] member = {0};
    double near = OffsetBound.between(ring, member, 1, 2, 0.5);
    double far = OffsetBound.between(ring, member, 1, 5, 0.5);
    assertThat(near).isCloseTo(OffsetBound.between(ring, member, 1, 5, 0.25), within(1e-12));
    assertThat(far).isCloseTo(OffsetBound.against(ring, member, 0.5), within(1e-12));
    assertThat(OffsetBound.between(ring, new int[] {1, 3}, 2, 4, 0.5)).isEqualTo(1);
  }

  @Test
  void manyAgentsGetNone() {
    Network ring = Setup.network("ring", OffsetBound.MOST + 1, Map.of());
    assertThat(OffsetBound.of(KeyGraph.of(ring), ring, 1).neighbour()).isNaN();
  }

  /**
   * The likelihood ratio of what is left of two agents' offsets: it is right as often as the bound
   * says, and not more often.
   */
  @Test
  void theBestTestReachesTheBound() {
    int agents = 5;
    int[] members = {4};
    double b = 0.9;
    int games = 4_000;
    int right = 0;
    for (int game = 0; game < games; game++) {
      Secret secret = Secret.of(("sixteen bytes or more " + game).getBytes(StandardCharsets.UTF_8));
      Offsets offsets =
          Offsets.alike(complete(agents), 1, 1, PairKeys.derived(secret, "run " + game));
      double[] left = new double[agents - 1];
      for (int i = 0; i < left.length; i++) {
        for (int j = 0; j < left.length; j++) {
          left[i] += i == j ? 0 : offsets.shared(i, j)[0];
        }
      }
      boolean moved = game % 2 == 1;
      left[0] += moved ? b : 0;
      left[1] -= moved ? b : 0;
      // of the complete graph of 4: L^+ b is b / 4, so evidence is left.b / 4 against its middle
      right += (left[0] - left[1]) / 4 * b > b * b / 4 == moved ? 1 : 0;
    }
    double chance = 0.5 + OffsetBound.against(complete(agents), members, b) / 2;
    assertThat(chance)
        .isCloseTo(
            new NormalDistribution().cumulativeProbability(b * Math.sqrt(0.5) / 2), within(1e-9));
    double tolerance = 4 * Math.sqrt(chance * (1 - chance) / games);
    assertThat(right / (double) games).isCloseTo(chance, within(tolerance));
  }
}
