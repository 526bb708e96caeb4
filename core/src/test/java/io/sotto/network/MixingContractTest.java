package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.Registry;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every mixing rule promises on every topology. */
class MixingContractTest {

  static Stream<Arguments> everyPair() {
    return MixingRules.REGISTRY.entries().stream()
        .flatMap(
            rule ->
                Topologies.REGISTRY.entries().stream()
                    .map(topology -> Arguments.of(rule, topology)));
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void isSymmetricAndDoublyStochasticAndKeepsSomething(
      Registry.Entry<MixingRule> rule, Registry.Entry<Topology> topology) {
    for (int agents : new int[] {1, 2, 20, 61}) {
      if (agents < 5 && topology.makeExample().random()) {
        continue;
      }
      Links links = Topologies.connected(topology.makeExample(), agents, 4).links();
      Network w = Network.of(links, rule.makeExample());
      String which = "%s on %s with %d agents, seed 4".formatted(rule, topology, agents);
      BigDecimal[] column = new BigDecimal[agents];
      Arrays.fill(column, BigDecimal.ZERO);
      for (int i = 0; i < agents; i++) {
        assertThat(w.offset()[i + 1] - w.offset()[i]).as(which).isEqualTo(links.degree(i) + 1);
        assertThat(weight(w, i, i)).as(which).isPositive();
        BigDecimal row = BigDecimal.ZERO;
        for (int e = w.offset()[i]; e < w.offset()[i + 1]; e++) {
          assertThat(w.weight()[e]).as(which).isPositive().isEqualTo(weight(w, w.heard()[e], i));
          row = row.add(new BigDecimal(w.weight()[e]));
          column[w.heard()[e]] = column[w.heard()[e]].add(new BigDecimal(w.weight()[e]));
        }
        assertThat(row.doubleValue()).as(which).isCloseTo(1, within(1e-12));
      }
      for (BigDecimal sum : column) {
        assertThat(sum.doubleValue()).as(which).isCloseTo(1, within(1e-12));
      }
    }
  }

  /** The weight of what one agent hears of another; fails if it does not hear it. */
  static double weight(Network w, int agent, int other) {
    int e = Arrays.binarySearch(w.heard(), w.offset()[agent], w.offset()[agent + 1], other);
    return w.weight()[e];
  }

  @Test
  void weightsAreThoseOfThePapers() {
    Links path = Links.of(3, new int[] {0, 1}, new int[] {1, 2}); // degrees 1, 2, 1
    Network metropolis = Network.of(path, MixingRules.METROPOLIS);
    assertThat(metropolis.heard()).containsExactly(0, 1, 0, 1, 2, 1, 2);
    assertThat(weight(metropolis, 0, 1)).isEqualTo(1 / 3.0);
    assertThat(weight(metropolis, 0, 0)).isCloseTo(2 / 3.0, within(1e-15));
    Network lazy = Network.of(path, MixingRules.LAZY_METROPOLIS);
    assertThat(lazy.weight()).containsExactly(0.75, 0.25, 0.25, 0.5, 0.25, 0.25, 0.75);
    Network star =
        Network.of(Links.of(4, new int[] {0, 0, 0}, new int[] {1, 2, 3}), MixingRules.MAX_DEGREE);
    assertThat(weight(star, 2, 2)).isEqualTo(0.75);
    assertThat(weight(star, 0, 0)).isEqualTo(0.25);
  }

  @Test
  void aHubOfAMillionKeepsItsRoundedMillionth() {
    Links star = Topologies.connected(new Star(), 1_000_000, 1).links();
    Network w = Network.of(star, MixingRules.METROPOLIS);
    assertThat(weight(w, 0, 0)).isCloseTo(1e-6, within(1e-15));
  }
}
