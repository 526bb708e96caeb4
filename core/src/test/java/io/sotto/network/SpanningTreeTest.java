package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.problem.Parameters;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpanningTreeTest {

  private static Network network(String topology, int agents) {
    Topology made =
        Topologies.REGISTRY.make(
            "topology", topology, new Parameters("network", Map.of("degree", 4)));
    return Network.of(Topologies.connected(made, agents, 3).links(), MixingRules.METROPOLIS);
  }

  private static int depth(int[] parents, int agent) {
    int depth = 0;
    for (int i = agent; parents[i] >= 0; i = parents[i]) {
      depth++;
    }
    return depth;
  }

  /** Above 1,000 agents the root is the middle of a long path. */
  @ParameterizedTest
  @CsvSource({
    "ring, 8, 4",
    "ring, 9, 4",
    "path, 9, 4",
    "star, 9, 1",
    "complete, 8, 1",
    "path, 1, 0",
    "path, 1501, 750",
    "ring, 1500, 750"
  })
  void isAsLowAsCanBe(String topology, int agents, int height) {
    Network network = network(topology, agents);
    SpanningTree tree = SpanningTree.of(network);
    assertThat(tree.height()).isEqualTo(height);
    assertThat(tree.network().links()).isEqualTo(agents - 1);
    assertThat(IntStream.range(0, agents).map(i -> depth(tree.parents(), i)).max())
        .hasValue(height);
  }

  @Test
  void itsLinksAreThoseOfTheNetwork() {
    Network network = network("regular", 50);
    SpanningTree tree = SpanningTree.of(network);
    for (int i = 0; i < 50; i++) {
      int[] heard =
          Arrays.copyOfRange(network.heard(), network.offset()[i], network.offset()[i + 1]);
      int parent = tree.parents()[i];
      assertThat(parent < 0 || Arrays.binarySearch(heard, parent) >= 0).isTrue();
    }
    assertThat(IntStream.of(tree.parents()).filter(parent -> parent < 0).count()).isEqualTo(1);
  }
}
