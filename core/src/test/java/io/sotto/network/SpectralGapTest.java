package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against closed forms, and the two methods against each other. */
class SpectralGapTest {

  private static Network metropolis(Topology topology, int agents) {
    return Network.of(Topologies.connected(topology, agents, 9).links(), MixingRules.METROPOLIS);
  }

  @Test
  void ofOneAndOfTwo() {
    SpectralGap one = SpectralGap.of(metropolis(new Ring(), 1));
    assertThat(one.gap()).isEqualTo(1);
    assertThat(SpectralGap.of(metropolis(new Ring(), 2)).gap()).isCloseTo(1, within(1e-14));
    // lambda_2 = 1 - 2 * 0.9 = -0.8: the far end decides
    Network swaps =
        Network.of(2, new int[] {0}, new int[] {1}, new double[] {0.9}, Integer::toString);
    assertThat(SpectralGap.of(swaps).gap()).isCloseTo(0.2, within(1e-14));
  }

  /** Eigenvalues 1/3 + 2/3 cos(2 pi k / n). */
  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 100, 299, 300, 301, 1000})
  void ofRings(int agents) {
    SpectralGap found = SpectralGap.of(metropolis(new Ring(), agents));
    double largest = 0;
    for (int k = 1; k < agents; k++) {
      double lambda = 1 / 3.0 + 2 / 3.0 * Math.cos(2 * Math.PI * k / agents);
      largest = Math.max(largest, Math.abs(lambda));
    }
    assertThat(found.gap()).isCloseTo(1 - largest, within(1e-3 * (1 - largest) + 1e-14));
    assertThat(found.upperBound()).isFalse();
    assertThat(found.method())
        .isEqualTo(agents > 300 ? SpectralGap.Method.LANCZOS : SpectralGap.Method.DENSE);
    assertThat(found.residual()).isLessThan(1e-5);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 500})
  void ofEverybodyWithEverybody(int agents) {
    assertThat(SpectralGap.of(metropolis(new Complete(), agents)).gap())
        .isCloseTo(1, within(1e-12));
  }

  /** Eigenvalues (1 + 2 cos(2 pi j / rows) + 2 cos(2 pi k / columns)) / 5. */
  @ParameterizedTest
  @ValueSource(ints = {144, 400, 10_000})
  void ofSquareToruses(int agents) {
    double exact = 0.4 * (1 - Math.cos(2 * Math.PI / Math.sqrt(agents)));
    SpectralGap found = SpectralGap.of(metropolis(new Grid(true), agents));
    assertThat(found.gap()).isCloseTo(exact, withinPercentage(0.1));
    assertThat(found.upperBound()).isFalse();
  }

  @Test
  void bothMethodsAgree() {
    for (Topology topology :
        new Topology[] {new ErdosRenyi(0.08), new ScaleFree(2), new SmallWorld(4, 0.1)}) {
      Network network = metropolis(topology, 350);
      SpectralGap dense = SpectralGap.dense(network);
      SpectralGap lanczos = Lanczos.gap(network);
      assertThat(lanczos.gap())
          .as("%s, seed 9", topology)
          .isCloseTo(dense.gap(), withinPercentage(0.1));
      assertThat(lanczos.gap()).isGreaterThan(dense.gap() - 1e-12);
      assertThat(lanczos.gap()).isLessThan(dense.gap() + lanczos.residual() + 1e-12);
      assertThat(dense.residual()).isLessThan(1e-12);
    }
  }

  /** An even ring with weights w has lambda_N = 1 - 4 w. */
  @Test
  void theFarEndMayDecideForLanczosToo() {
    int agents = 400;
    int[] a = new int[agents];
    int[] b = new int[agents];
    double[] weights = new double[agents];
    for (int i = 0; i < agents; i++) {
      a[i] = i;
      b[i] = (i + 1) % agents;
      weights[i] = 0.49999;
    }
    Network network = Network.of(agents, a, b, weights, Integer::toString);
    assertThat(Lanczos.gap(network).gap()).isCloseTo(4e-5, withinPercentage(0.1));
  }

  @Test
  void saysWhenItIsABoundOnly() {
    SpectralGap found = SpectralGap.of(metropolis(new Ring(), 30_000));
    assertThat(found.upperBound()).isTrue();
    assertThat(found.gap()).isGreaterThan(2 / 3.0 * (1 - Math.cos(2 * Math.PI / 30_000)));
    assertThat(found).asString().startsWith("at most ");
  }

  @Test
  void wantsSymmetry() {
    Network oneWay =
        new Network(
            new int[] {0, 2, 4, 6},
            new int[] {0, 1, 1, 2, 0, 2},
            new double[] {0.5, 0.5, 0.5, 0.5, 0.5, 0.5});
    assertThatThrownBy(() -> SpectralGap.of(oneWay)).isInstanceOf(IllegalArgumentException.class);
  }
}
