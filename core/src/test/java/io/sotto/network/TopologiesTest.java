package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Parameters;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What single topologies promise, and what they say when they cannot keep it. */
class TopologiesTest {

  static Topology make(String name, Object... keysAndValues) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return Topologies.REGISTRY.make("network.topology", name, new Parameters("network", values));
  }

  private static int[] degrees(Links links) {
    return IntStream.range(0, links.agents()).map(links::degree).toArray();
  }

  private static Links draw(Topology topology, int agents) {
    return topology.draw(agents, new Random(11));
  }

  @Test
  void fixedTopologiesLinkWhomTheySay() {
    assertThat(TopologyContractTest.rows(draw(make("ring"), 4)))
        .isDeepEqualTo(new int[][] {{1, 3}, {0, 2}, {1, 3}, {0, 2}});
    assertThat(TopologyContractTest.rows(draw(make("path"), 3)))
        .isDeepEqualTo(new int[][] {{1}, {0, 2}, {1}});
    assertThat(TopologyContractTest.rows(draw(make("star"), 4)))
        .isDeepEqualTo(new int[][] {{1, 2, 3}, {0}, {0}, {0}});
    assertThat(TopologyContractTest.rows(draw(make("complete"), 3)))
        .isDeepEqualTo(new int[][] {{1, 2}, {0, 2}, {0, 1}});
    assertThat(TopologyContractTest.rows(draw(make("grid"), 6)))
        .isDeepEqualTo(new int[][] {{1, 3}, {0, 2, 4}, {1, 5}, {0, 4}, {1, 3, 5}, {2, 4}});
    assertThat(TopologyContractTest.rows(draw(make("torus"), 6)))
        .isDeepEqualTo(
            new int[][] {{1, 2, 3}, {0, 2, 4}, {0, 1, 5}, {0, 4, 5}, {1, 3, 5}, {2, 3, 4}});
    assertThat(degrees(draw(make("torus"), 12))).containsOnly(4);
  }

  @Test
  void gridsTellTheirRowsAndColumns() {
    assertThat(make("grid").shape(1000)).isEqualTo("25 rows x 40 columns");
    assertThat(make("torus").shape(1_000_000)).isEqualTo("1000 rows x 1000 columns");
    assertThat(make("grid").shape(7)).isEqualTo("1 row x 7 columns, which is a path");
    assertThat(make("torus").shape(7)).isEqualTo("1 row x 7 columns, which is a ring");
    assertThat(TopologyContractTest.rows(draw(make("torus"), 7)))
        .isDeepEqualTo(TopologyContractTest.rows(draw(make("ring"), 7)));
    assertThat(make("ring").shape(7)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 9", "3, 10", "4, 100", "6, 9", "7, 8", "49, 50", "60, 101"})
  void regularGivesEverybodyItsDegree(int degree, int agents) {
    assertThat(degrees(draw(make("regular", "degree", degree), agents))).containsOnly(degree);
  }

  @Test
  void regularIsQuickAtAHundredThousand() {
    assertThat(draw(make("regular", "degree", 4), 100_000).count()).isEqualTo(200_000);
  }

  @Test
  void smallWorldIsALatticeUntilItRewires() {
    Links lattice = draw(make("small-world", "degree", 4, "rewire", 0), 7);
    assertThat(TopologyContractTest.rows(lattice)[0]).containsExactly(1, 2, 5, 6);
    Links rewired = draw(make("small-world", "degree", 4, "rewire", 1), 200);
    assertThat(rewired.count()).isEqualTo(400);
    long kept =
        IntStream.range(0, 200).filter(i -> rewired.position(i, (i + 1) % 200) >= 0).count();
    assertThat(kept).as("links of the lattice kept, seed 11").isLessThan(20);
  }

  @Test
  void scaleFreeHasHubs() {
    Links links = draw(make("scale-free", "attach", 2), 2000);
    assertThat(links.count()).isEqualTo(3 + 2 * 1997);
    assertThat(IntStream.of(degrees(links)).min().orElseThrow()).isEqualTo(2);
    // The largest degree grows like attach sqrt(N), here about 90; of a like Erdos-Renyi, 14.
    assertThat(IntStream.of(degrees(links)).max().orElseThrow()).as("seed 11").isGreaterThan(40);
  }

  /** Five standard deviations; over all 45 pairs one seed in 38,000 would fail. */
  @Test
  void erdosRenyiLinksEachPairAsOften() {
    int draws = 20_000;
    int agents = 10;
    Topology topology = make("erdos-renyi", "probability", 0.3);
    int[][] count = new int[agents][agents];
    Random random = new Random(5);
    for (int draw = 0; draw < draws; draw++) {
      Links links = topology.draw(agents, random);
      for (int i = 0; i < agents; i++) {
        for (int k = 0; k < links.degree(i); k++) {
          count[i][links.neighbour(i, k)]++;
        }
      }
    }
    double deviation = Math.sqrt(0.3 * 0.7 / draws);
    for (int i = 0; i < agents; i++) {
      for (int j = 0; j < i; j++) {
        assertThat((double) count[i][j] / draws)
            .as("pair %d-%d, seed 5", i, j)
            .isCloseTo(0.3, within(5 * deviation));
      }
    }
  }

  @Test
  void erdosRenyiAtTheEnds() {
    assertThat(draw(make("erdos-renyi", "probability", 1), 30).count()).isEqualTo(30 * 29 / 2);
    assertThat(draw(make("erdos-renyi", "probability", 1e-300), 30).count()).isZero();
    int links = draw(make("erdos-renyi", "probability", 1e-5), 1_000_000).count();
    // 5.0e6 expected; five standard deviations are 11,200: one seed in 1.7 million would fail
    assertThat(links).as("seed 11").isCloseTo(4_999_995, within(11_200));
  }

  /** Exact by Gilbert's recursion; five standard deviations, one seed in 1.7 million would fail. */
  @Test
  void threePercentOfTwentyAgentsAreDisconnected() {
    double[] connected = new double[21];
    for (int n = 1; n <= 20; n++) {
      connected[n] = 1;
      double choose = 1; // n - 1 over k - 1
      for (int k = 1; k < n; k++) {
        connected[n] -= choose * connected[k] * Math.pow(0.7, k * (n - k));
        choose *= (double) (n - k) / k;
      }
    }
    double expected = 1 - connected[20];
    assertThat(expected).isBetween(0.02, 0.035);
    int draws = 20_000;
    int apart = 0;
    Topology topology = make("erdos-renyi", "probability", 0.3);
    for (int seed = 0; seed < draws; seed++) {
      if (topology.draw(20, new Random(Topologies.mix(seed, 1))).reachable() < 20) {
        apart++;
      }
    }
    assertThat((double) apart / draws)
        .as("seeds 0 to 19,999")
        .isCloseTo(expected, within(5 * Math.sqrt(expected * (1 - expected) / draws)));
  }

  @Test
  void theAttemptsAreCounted() {
    Topology topology = make("erdos-renyi", "probability", 0.3);
    int most = 0;
    for (int seed = 0; seed < 1000; seed++) {
      most = Math.max(most, Topologies.connected(topology, 20, seed).attempts());
    }
    // none takes a second attempt with probability 1e-11; one takes five or more with 5e-4
    assertThat(most).as("seeds 0 to 999").isBetween(2, 4);
  }

  @Test
  void givesUpAfterAHundredAttempts() {
    assertThatThrownBy(() -> Topologies.connected(make("erdos-renyi", "probability", 0.01), 20, 3))
        .isInstanceOf(BadInputException.class)
        .hasMessageMatching(
            "The topology erdos-renyi\\(0.01\\) with 20 agents was drawn 100 times and is not"
                + " connected: at best, \\d+ agents could be reached from the first one, itself"
                + " included. Raise network.probability; draws begin to be connected at ln N / N,"
                + " here 0.15.");
    assertThatThrownBy(() -> Topologies.connected(make("regular", "degree", 1), 20, 3))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("at best, 2 agents")
        .hasMessageEndingWith("Raise network.degree; from 3 on nearly all draws are connected.");
  }

  @Test
  void aFixedTopologyInPartsIsDrawnOnce() {
    Topology apart = (agents, random) -> Links.of(agents, new int[] {0}, new int[] {1});
    assertThatThrownBy(() -> Topologies.connected(apart, 3, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("was drawn once and is not connected")
        .hasMessageEndingWith("Choose another network.topology.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "regular | degree | 4 | 4 | network.degree is 4 with 4 agents; it must be at most 3, or"
            + " take topology complete.",
        "regular | degree | 3 | 5 | network.degree is 3 with 5 agents; with an odd number of agents"
            + " it must be even.",
        "small-world | degree | 4 | 4 | network.degree is 4 with 4 agents; it must be below the"
            + " number of agents.",
        "scale-free | attach | 2 | 2 | network.attach is 2 with 2 agents; it must be below the"
            + " number of agents.",
        "complete | x | 1 | 50000 | network.topology would give 50000 agents about 1249975000"
            + " links, and a network holds 1073741819 at most; choose a sparser topology.",
      })
  void namesTheNumberThatDoesNotFit(
      String name, String key, int value, int agents, String message) {
    Topology topology = make(name, key, value, "rewire", 0);
    assertThatThrownBy(() -> draw(topology, agents))
        .isInstanceOf(BadInputException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "regular, degree, 0, between 1 and",
    "regular, degree, 2.5, a whole number",
    "erdos-renyi, probability, 0, it must be above 0",
    "erdos-renyi, probability, 1.5, between 0 and 1",
    "small-world, degree, 3, it must be even",
    "small-world, rewire, -0.1, between 0 and 1",
    "scale-free, attach, 0, between 1 and",
  })
  void namesTheParameterThatIsOut(String name, String key, double value, String remedy) {
    Object degree = key.equals("degree") ? value : 4;
    Object other = key.equals("degree") ? 0.1 : value;
    String otherKey = key.equals("degree") ? "rewire" : key;
    assertThatThrownBy(() -> make(name, "degree", degree, otherKey, other))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("network." + key + " is ")
        .hasMessageContaining(remedy);
  }
}
