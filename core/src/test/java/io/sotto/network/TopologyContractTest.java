package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every topology promises. */
class TopologyContractTest {

  static Stream<Arguments> sized() {
    return Topologies.REGISTRY.entries().stream()
        .flatMap(
            entry ->
                IntStream.of(1, 2, 3, 4, 5, 6, 12, 20, 97, 400)
                    .mapToObj(agents -> Arguments.of(entry, agents)));
  }

  /** None of the examples asks for more neighbours than 4. */
  private static boolean fits(Topology topology, int agents) {
    return agents > 4 || !topology.random();
  }

  @ParameterizedTest
  @MethodSource("sized")
  void drawsSimpleSymmetricConnectedLinksFromTheSeed(Registry.Entry<Topology> entry, int agents) {
    Topology topology = entry.makeExample();
    if (fits(topology, agents)) {
      for (long seed = 1; seed <= 5; seed++) {
        String which = "%s with %d agents, seed %d".formatted(topology, agents, seed);
        Topologies.Drawn drawn = Topologies.connected(topology, agents, seed);
        assertThat(drawn.attempts()).as(which).isBetween(1, topology.random() ? 100 : 1);
        assertThat(drawn.links().agents()).as(which).isEqualTo(agents);
        assertThat(drawn.links().reachable()).as(which).isEqualTo(agents);
        assertSimpleAndSymmetric(drawn.links(), which);
        Topologies.Drawn again = Topologies.connected(entry.makeExample(), agents, seed);
        assertThat(rows(again.links())).as(which).isDeepEqualTo(rows(drawn.links()));
        assertThat(again.attempts()).as(which).isEqualTo(drawn.attempts());
      }
    } else {
      refusesOrDraws(topology, agents);
    }
  }

  /** With fewer agents than it is made for, a topology either says so or keeps its promise. */
  private static void refusesOrDraws(Topology topology, int agents) {
    try {
      assertSimpleAndSymmetric(topology.draw(agents, new Random(1)), topology.toString());
    } catch (BadInputException e) {
      assertThat(e).hasMessageContaining("network.").hasMessageContaining("with " + agents);
    }
  }

  static Stream<Registry.Entry<Topology>> all() {
    return Topologies.REGISTRY.entries().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void anotherSeedIsAnotherDrawOnlyIfItIsRandom(Registry.Entry<Topology> entry) {
    Topology topology = entry.makeExample();
    int[][] one = rows(topology.draw(100, new Random(1)));
    int[][] other = rows(topology.draw(100, new Random(2)));
    assertThat(Arrays.deepEquals(one, other))
        .as("%s with 100 agents, seeds 1 and 2", topology)
        .isEqualTo(!topology.random());
  }

  @Test
  void oneAgentHasNoLinksAndTwoHaveOne() {
    for (String name : new String[] {"ring", "path", "star", "grid", "torus", "complete"}) {
      Topology topology = TopologiesTest.make(name);
      assertThat(topology.draw(1, new Random(1)).count()).as(name).isZero();
      assertThat(topology.draw(2, new Random(1)).count()).as(name).isEqualTo(1);
    }
  }

  @Test
  void noAgentsAreRefused() {
    assertThatThrownBy(() -> Topologies.connected(new Ring(), 0, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessage("There are 0 agents; a network needs at least one.");
  }

  private static void assertSimpleAndSymmetric(Links links, String which) {
    int ends = 0;
    for (int i = 0; i < links.agents(); i++) {
      ends += links.degree(i);
      for (int k = 0; k < links.degree(i); k++) {
        int j = links.neighbour(i, k);
        assertThat(j).as(which).isNotEqualTo(i);
        assertThat(links.position(j, i)).as("%s: %d-%d", which, j, i).isNotNegative();
        assertThat(k == 0 || links.neighbour(i, k - 1) < j).as(which).isTrue();
      }
    }
    assertThat(links.count()).as(which).isEqualTo(ends / 2);
  }

  static int[][] rows(Links links) {
    return IntStream.range(0, links.agents())
        .mapToObj(
            i -> IntStream.range(0, links.degree(i)).map(k -> links.neighbour(i, k)).toArray())
        .toArray(int[][]::new);
  }
}
