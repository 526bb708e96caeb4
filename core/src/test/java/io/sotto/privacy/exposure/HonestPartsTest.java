package io.sotto.privacy.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.engine.Setup;
import io.sotto.network.Links;
import io.sotto.network.Network;
import io.sotto.privacy.exposure.HonestParts.Parts;
import io.sotto.privacy.mechanism.KeyGraph;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HonestPartsTest {

  @Test
  void whoCutsTheGraphOfKeysSeesTheSumsOfItsParts() {
    Links path = Links.of(5, new int[] {0, 1, 2, 3}, new int[] {1, 2, 3, 4});
    assertThat(HonestParts.parts(path)).isEqualTo(new Parts(1, 5));
    assertThat(HonestParts.parts(path, 2)).isEqualTo(new Parts(2, 2));
    assertThat(HonestParts.parts(path, 1, 3)).isEqualTo(new Parts(3, 1));
  }

  @Test
  void keysBeyondNeighboursKeepTheHonestTogether() {
    for (int agents : new int[] {8, 200}) {
      Network ring = Setup.network("ring", agents, Map.of());
      HonestParts parts = HonestParts.of(KeyGraph.of(ring), ring);
      assertThat(parts)
          .isEqualTo(
              new HonestParts(
                  new Parts(1, agents - 1), new Parts(1, agents - 2), new Parts(1, agents)));
      HonestParts neighbours = HonestParts.of(KeyGraph.neighbours(ring), ring);
      assertThat(neighbours.neighbourhood()).isEqualTo(new Parts(2, 1));
    }
  }

  @Test
  void whereAllOthersAreNeighboursNothingIsLeft() {
    Network complete = Setup.network("complete", 6, Map.of());
    assertThat(HonestParts.of(KeyGraph.of(complete), complete).neighbourhood()).isNull();
  }
}
