package io.sotto.privacy.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.engine.Setup;
import io.sotto.network.Links;
import io.sotto.network.MixingRules;
import io.sotto.network.Neighbourhoods;
import io.sotto.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exposure against brute force on small graphs. */
class ExposureTest {
  private static final long SEED = 5;

  /** A random tree and some links more. */
  private static Network random(SplittableRandom random) {
    int n = random.nextInt(3, 10);
    List<int[]> links = new ArrayList<>();
    for (int i = 1; i < n; i++) {
      links.add(new int[] {i, random.nextInt(i)});
    }
    for (int i = 1; i < n; i++) {
      for (int j = 0; j < i; j++) {
        if (random.nextDouble() < 0.3) {
          links.add(new int[] {i, j});
        }
      }
    }
    return Network.of(
        Links.of(
            n,
            links.stream().mapToInt(l -> l[0]).toArray(),
            links.stream().mapToInt(l -> l[1]).toArray()),
        MixingRules.METROPOLIS);
  }

  static IntStream fifty() {
    return IntStream.range(0, 50);
  }

  /** By the definition: all of N[i] are heard by a member. */
  private static boolean exposes(Network network, int members, int victim) {
    return Arrays.stream(Neighbourhoods.closed(network, victim))
        .allMatch(
            j ->
                IntStream.range(0, network.agents())
                    .filter(a -> (members >> a & 1) == 1)
                    .anyMatch(
                        a ->
                            Arrays.stream(Neighbourhoods.closed(network, a))
                                .anyMatch(k -> k == j)));
  }

  @ParameterizedTest
  @MethodSource("fifty")
  void agreesWithBruteForce(int number) {
    Network network = random(new SplittableRandom(SEED + number));
    int n = network.agents();
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      for (int a = 0; a < n; a++) {
        if (a != i && exposes(network, 1 << a, i)) {
          expected.add((long) a << 32 | i);
        }
      }
    }

    assertThat(Exposure.toNeighbours(network).pairs())
        .as("graph %d", number)
        .containsExactly(expected.stream().mapToLong(Long::longValue).toArray());
  }

  @ParameterizedTest
  @MethodSource("fifty")
  void noSmallerCoalitionExposes(int number) {
    Network network = random(new SplittableRandom(SEED + number));
    for (int i = 0; i < network.agents(); i++) {
      int victim = i;
      int least =
          IntStream.range(1, 1 << network.agents())
              .filter(members -> (members >> victim & 1) == 0)
              .filter(members -> exposes(network, members, victim))
              .map(Integer::bitCount)
              .min()
              .orElseThrow();

      Exposure.Coalition found =
          Objects.requireNonNull(Exposure.coalition(network, i, Neighbourhoods.hearers(network)));

      int members = Arrays.stream(found.members()).map(a -> 1 << a).sum();
      assertThat(exposes(network, members, i)).isTrue();
      assertThat(found.members()).as("agent %d of graph %d", i, number).hasSize(least);
      assertThat(found.smallest()).isTrue();
    }
  }

  /** On a one-way ring each hears the one before: who hears both of those is nobody but itself. */
  @Test
  void directedNetworksGoByWhoHears() {
    int[] speakers = {0, 1, 2, 3, 0, 3};
    int[] hearers = {1, 2, 3, 0, 2, 1};
    Network network = Network.directed(4, speakers, hearers, Integer::toString);
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int victim = i;
      for (int a = 0; a < 4; a++) {
        if (a != i && new Adversary.Neighbour(a).exposes(network, i)) {
          expected.add((long) a << 32 | i);
        }
      }
      Exposure.Coalition found = Exposure.coalition(network, i, Neighbourhoods.hearers(network));
      boolean any =
          new Adversary.Coalition(IntStream.range(0, 4).filter(a -> a != victim).toArray())
              .exposes(network, i);
      assertThat(found != null).as("agent %d", i).isEqualTo(any);
      if (found != null) {
        assertThat(new Adversary.Coalition(found.members()).exposes(network, i)).isTrue();
      }
    }
    assertThat(Exposure.toNeighbours(network).pairs())
        .containsExactly(expected.stream().mapToLong(Long::longValue).toArray());
    Network ring =
        Network.directed(
            5, new int[] {0, 1, 2, 3, 4}, new int[] {1, 2, 3, 4, 0}, Integer::toString);
    assertThat(Exposure.toNeighbours(ring).pairs()).isEmpty();
    assertThat(Exposure.coalition(ring, 0, Neighbourhoods.hearers(ring))).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("fifty")
  void adviceEndsTheExposure(int number) {
    Network network = random(new SplittableRandom(SEED + number));
    for (int i = 0; i < network.agents(); i++) {
      Advice advice = Advice.about(network, i);
      if (advice != null) {
        assertThat(Exposure.exposing(network, i)).isNotEmpty();
        assertThat(Exposure.exposing(changed(network, advice), i))
            .as("agent %d of graph %d, %s", i, number, advice)
            .isEmpty();
      }
    }
  }

  private static Network changed(Network network, Advice advice) {
    List<int[]> links = new ArrayList<>();
    for (int i = 0; i < network.agents(); i++) {
      for (int j : Neighbourhoods.closed(network, i)) {
        boolean its =
            Math.min(i, j) == Math.min(advice.agent(), advice.other())
                && Math.max(i, j) == Math.max(advice.agent(), advice.other());
        if (j < i && !its) {
          links.add(new int[] {i, j});
        }
      }
    }
    if (advice.add()) {
      links.add(new int[] {advice.agent(), advice.other()});
    }
    return Network.of(
        Links.of(
            network.agents(),
            links.stream().mapToInt(l -> l[0]).toArray(),
            links.stream().mapToInt(l -> l[1]).toArray()),
        MixingRules.METROPOLIS);
  }

  @Test
  void knownNetworks() {
    assertThat(Exposure.toNeighbours(Setup.network("complete", 8, Map.of())).pairs()).hasSize(56);
    assertThat(Exposure.toNeighbours(Setup.network("ring", 8, Map.of())).pairs()).isEmpty();
    assertThat(Exposure.toNeighbours(Setup.network("star", 8, Map.of())).agents()).isEqualTo(7);
  }

  @Test
  void wherePeopleHearManyTheSearchIsGreedyAndSaysSo() {
    Network star = Setup.network("star", 40, Map.of());

    Exposure.Coalition found =
        Objects.requireNonNull(Exposure.coalition(star, 0, Neighbourhoods.hearers(star)));

    assertThat(found.smallest()).isFalse();
    assertThat(found.members()).hasSize(39); // all leaves: each hears itself and the centre
  }
}
