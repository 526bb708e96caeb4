package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Cuts along the network. */
class NetworkPartitionerTest {
  private static final long SEED = 5;

  static Stream<Arguments> everyTopology() {
    int[][] sizes = {
      {20, 1}, {20, 4}, {20, 20}, {97, 7}, {400, 2}, {400, 8}, {400, 80}, {400, 399}
    };
    return Topologies.REGISTRY.entries().stream()
        .flatMap(entry -> Arrays.stream(sizes).map(s -> Arguments.of(entry, s[0], s[1])));
  }

  @ParameterizedTest
  @MethodSource("everyTopology")
  void equalLoadsLeaveNoMorePairsThanOtherEvenCuts(
      Registry.Entry<Topology> entry, int agents, int cells) {
    Network w = network(entry.makeExample(), agents);
    String which = "%s, %d agents, %d cells, seed %d".formatted(entry, agents, cells, SEED);
    CellPartition partition = NetworkPartitioner.of(w, cells, ones(agents));
    assertBalanced(partition, cells, ones(agents), which);
    assertThat(partition.borderPairs(w))
        .as(which)
        .isLessThanOrEqualTo(CellPartition.contiguous(agents, cells).borderPairs(w))
        .isLessThanOrEqualTo(dealt(agents, cells).borderPairs(w));
    assertThat(NetworkPartitioner.of(w, cells, new double[agents]))
        .as("all 0, " + which)
        .isEqualTo(partition);
    double[] other = new double[agents];
    Arrays.fill(other, 0.1);
    assertThat(NetworkPartitioner.of(w, cells, other)).as("all 0.1, " + which).isEqualTo(partition);
  }

  @ParameterizedTest
  @MethodSource("everyTopology")
  void anyLoadsAreBalancedAndGiveTheSameCutAgain(
      Registry.Entry<Topology> entry, int agents, int cells) {
    Network w = network(entry.makeExample(), agents);
    Random random = new Random(SEED);
    double[] uneven = random.doubles(agents).map(u -> 1 / (0.01 + u)).toArray();
    double[] mostlyNone = random.doubles(agents).map(u -> u < 0.9 ? 0 : u).toArray();
    double[] huge = random.doubles(agents).map(u -> u * Double.MAX_VALUE).toArray();
    double[] ramp = IntStream.range(0, agents).mapToDouble(i -> i).toArray();
    double[][] loads = {
      uneven,
      mostlyNone,
      huge,
      ramp,
      giant(agents, 0),
      giant(agents, agents / 2),
      giant(agents, agents - 1)
    };
    Network again = network(entry.makeExample(), agents);
    for (int k = 0; k < loads.length; k++) {
      String which = "%s, %d agents, %d cells, loads %d, seed %d";
      which = which.formatted(entry, agents, cells, k, SEED);
      double[] before = loads[k].clone();
      CellPartition partition = NetworkPartitioner.of(w, cells, loads[k]);
      assertBalanced(partition, cells, loads[k], which);
      assertThat(NetworkPartitioner.of(again, cells, before)).as(which).isEqualTo(partition);
      assertThat(loads[k]).as(which).isEqualTo(before);
    }
  }

  /** Every cell has agents, and none more load than promised, up to rounding. */
  private static void assertBalanced(
      CellPartition partition, int cells, double[] load, String which) {
    assertThat(partition.cells()).as(which).isEqualTo(cells);
    assertThat(partition.agents()).as(which).isEqualTo(load.length);
    double largest = Arrays.stream(load).max().orElseThrow();
    double scale = largest > 0 ? 1 / largest : 1; // sums of huge ones overflow
    double mean = Arrays.stream(load).map(l -> l * scale).sum() / cells;
    double most = Math.max(1.05 * mean, mean + largest * scale);
    for (int cell = 0; cell < cells; cell++) {
      int[] agents = partition.agentsOf(cell);
      assertThat(agents).as(which).isNotEmpty();
      assertThat(Arrays.stream(agents).mapToDouble(i -> load[i] * scale).sum())
          .as("cell %d, %s", cell, which)
          .isLessThanOrEqualTo(most * (1 + 1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({"12, 2", "12, 4", "100, 7", "1000, 8", "1000, 400"})
  void aRingIsCutIntoArcs(int agents, int cells) {
    Network ring = network(new Ring(), agents);
    CellPartition partition = NetworkPartitioner.of(ring, cells, ones(agents));
    assertThat(partition).isEqualTo(CellPartition.contiguous(agents, cells));
    assertThat(partition.borderPairs(ring)).isEqualTo(2L * cells);
    double[] uneven = IntStream.range(0, agents).mapToDouble(i -> 1 + i % 5).toArray();
    assertThat(NetworkPartitioner.of(ring, cells, uneven).borderPairs(ring)).isEqualTo(2L * cells);
  }

  @Test
  void aRingIsFoundAlsoIfItsNumbersSayNothing() {
    int[] place = shuffled(1000);
    int[] next = IntStream.range(0, 1000).map(i -> place[(i + 1) % 1000]).toArray();
    Network ring = Network.of(Links.of(1000, place, next), MixingRules.METROPOLIS);
    assertThat(CellPartition.contiguous(1000, 8).borderPairs(ring)).isGreaterThan(1500);
    assertThat(NetworkPartitioner.of(ring, 8, ones(1000)).borderPairs(ring))
        .as("seed %d", SEED)
        .isEqualTo(16);
  }

  @Test
  void pairsVanishAlsoWhereHearingIsOneWay() {
    // everybody hears itself, the next one and the one 31 further on
    int agents = 600;
    int[] offset = IntStream.rangeClosed(0, agents).map(i -> 3 * i).toArray();
    int[] heard =
        IntStream.range(0, agents)
            .flatMap(i -> IntStream.of(i, (i + 1) % agents, (i + 31) % agents).sorted())
            .toArray();
    double[] third = new double[heard.length];
    Arrays.fill(third, 1 / 3.0);
    Network w = new Network(offset, heard, third);
    CellPartition dealt = dealt(agents, 5);
    CellPartition thinned = CutRefinement.of(w, dealt, ones(agents));
    assertBalanced(thinned, 5, ones(agents), "one way");
    assertThat(thinned.borderPairs(w)).as("seed %d", SEED).isLessThan(dealt.borderPairs(w) / 2);
    assertThat(NetworkPartitioner.of(w, 5, ones(agents)).borderPairs(w))
        .isLessThanOrEqualTo(CellPartition.contiguous(agents, 5).borderPairs(w));
  }

  @Test
  void refusesWhatFitsNoCut() {
    Network ring = network(new Ring(), 3);
    for (int cells : new int[] {0, 4}) {
      assertThatThrownBy(() -> NetworkPartitioner.of(ring, cells, ones(3)))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "engine.cells is %d with 3 agents; it must lie between 1 and the number of agents.",
              cells);
    }
    double[][] loads = {ones(2), {1, -1, 1}, {1, Double.NaN, 1}, {1, Double.POSITIVE_INFINITY, 1}};
    for (double[] load : loads) {
      assertThatThrownBy(() -> NetworkPartitioner.of(ring, 2, load))
          .as(Arrays.toString(load))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** The table of the pairs that are left; run it with {@code -Dtest=NetworkPartitionerTest}. */
  @Test
  void fewPairsAreLeftOfWhatHashingLeaves() {
    System.out.printf(
        "%-28s %10s %10s %10s %10s%n", "", "contiguous", "partition", "hashing", "ms");
    compare(new Ring(), 10_000, 8, 1e-3);
    compare(new Ring(), 1_000, 2, 0.006);
    compare(new Grid(true), 10_000, 8, 0.04);
    compare(new Grid(true), 1_000, 2, 0.12);
    compare(new SmallWorld(4, 0.1), 10_000, 8, 0.13);
    compare(new SmallWorld(4, 0.1), 1_000, 2, 0.25);
    compare(new ScaleFree(2), 10_000, 8, 0.55);
    compare(new ScaleFree(2), 1_000, 2, 0.6);
    compare(new Regular(4), 10_000, 8, 0.5);
    compare(new Regular(4), 1_000, 2, 0.6);
    compare(new Grid(true), 1_000_000, 8, 0.004); // squares would leave 12,000
    compare(new Grid(true), 1_000_000, 64, 0.01); // squares would leave 32,000
  }

  private static void compare(Topology topology, int agents, int cells, double part) {
    Network w = network(topology, agents);
    double[] load = ones(agents);
    int[] hashed =
        IntStream.range(0, agents)
            .map(i -> (int) Long.remainderUnsigned(Topologies.mix(0, i), cells))
            .toArray();
    long hashing = new CellPartition(hashed).borderPairs(w);
    long start = System.nanoTime();
    CellPartition partition = NetworkPartitioner.of(w, cells, load);
    long millis = (System.nanoTime() - start) / 1_000_000;
    String which = "%s, %,d in %d".formatted(topology, agents, cells);
    System.out.printf(
        "%-28s %,10d %,10d %,10d %,10d%n",
        which,
        CellPartition.contiguous(agents, cells).borderPairs(w),
        partition.borderPairs(w),
        hashing,
        millis);
    assertThat(partition.borderPairs(w)).as(which).isLessThanOrEqualTo((long) (part * hashing));
    assertBalanced(partition, cells, load, which);
  }

  /** Agents in the order of a hash of their number. */
  private static int[] shuffled(int agents) {
    return IntStream.range(0, agents)
        .boxed()
        .sorted(Comparator.comparing(i -> Topologies.mix(SEED, i)))
        .mapToInt(i -> i)
        .toArray();
  }

  /** Agents dealt in that order, as many to each cell. */
  private static CellPartition dealt(int agents, int cells) {
    int[] order = shuffled(agents);
    int[] cellOf = new int[agents];
    for (int k = 0; k < agents; k++) {
      cellOf[order[k]] = k % cells;
    }
    return new CellPartition(cellOf);
  }

  private static Network network(Topology topology, int agents) {
    return Network.of(Topologies.connected(topology, agents, SEED).links(), MixingRules.METROPOLIS);
  }

  private static double[] ones(int agents) {
    double[] load = new double[agents];
    Arrays.fill(load, 1);
    return load;
  }

  private static double[] giant(int agents, int which) {
    double[] load = new double[agents];
    load[which] = 3;
    return load;
  }
}
