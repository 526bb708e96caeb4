package io.sotto.privacy.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.engine.Setup;
import io.sotto.network.Links;
import io.sotto.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who shares keys, and which. */
class KeyGraphTest {

  private static Network network(String topology, int agents) {
    return Setup.network(
        topology,
        agents,
        topology.equals("small-world") ? Map.of("degree", 4, "rewire", 0.2) : Map.of());
  }

  /** Both ends agree on a key that is nobody else's; another run has others. */
  @Test
  void agreedKeysAreSharedByTwo() {
    AgreedKeys keys = new AgreedKeys(4, Under.secret("a"), "run");
    List<Long> drawn = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < i; j++) {
        drawn.add(keys.bits(i, j).next());
        assertThat(keys.bits(j, i).next()).isEqualTo(drawn.get(drawn.size() - 1));
      }
    }
    drawn.add(new AgreedKeys(4, Under.secret("a"), "other run").bits(1, 0).next());
    drawn.add(new AgreedKeys(4, Under.secret("b"), "run").bits(1, 0).next());
    assertThat(drawn).doesNotHaveDuplicates();
  }

  /** Of large networks: few keys, all agents connected, also without all neighbours of one. */
  @ParameterizedTest
  @ValueSource(strings = {"ring", "small-world", "star", "complete"})
  void whoSharesKeys(String topology) {
    for (int agents : new int[] {65, 500}) {
      Network network = network(topology, agents);
      Links keys = KeyGraph.of(network);
      Links links = KeyGraph.neighbours(network);
      assertThat(keys.reachable()).isEqualTo(agents);
      double most = 16 + 2 * Math.log(agents) / Math.log(2);
      for (int i = 0; i < agents; i++) {
        assertThat(keys.degree(i)).as("agent %d", i).isBetween(1, (int) most);
        long beyond = 0;
        for (int k = 0; k < keys.degree(i); k++) {
          int other = keys.neighbour(i, k);
          boolean near = false;
          for (int e = 0; e < links.degree(i); e++) {
            near |= links.neighbour(i, e) == other;
          }
          beyond += near ? 0 : 1;
        }
        if (links.degree(i) < agents / 2) {
          assertThat(beyond).as("agent %d, keys with others than neighbours", i).isPositive();
        }
      }
    }
    assertThat(KeyGraph.of(network(topology, 64)).count()).isEqualTo(64 * 63 / 2);
  }
}
