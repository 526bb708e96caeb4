package io.sotto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.BadInputException;
import java.util.function.IntFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Weighted pairs, and what is refused. */
class NetworkTest {

  private static Network weighted(int agents, double[]... pairs) {
    int[] a = new int[pairs.length];
    int[] b = new int[pairs.length];
    double[] weights = new double[pairs.length];
    for (int e = 0; e < pairs.length; e++) {
      a[e] = (int) pairs[e][0];
      b[e] = (int) pairs[e][1];
      weights[e] = pairs[e][2];
    }
    return Network.of(agents, a, b, weights, i -> "st-" + (char) ('a' + i));
  }

  private static double[] pair(double a, double b, double weight) {
    return new double[] {a, b, weight};
  }

  private static void refused(ThrowingCallable made, String message) {
    assertThatThrownBy(made).isInstanceOf(BadInputException.class).hasMessage(message);
  }

  @Test
  void aPairIsALinkBothWays() {
    Network w = weighted(3, pair(2, 1, 0.5), pair(0, 1, 0.25));
    assertThat(w.offset()).containsExactly(0, 2, 5, 7);
    assertThat(w.heard()).containsExactly(0, 1, 0, 1, 2, 1, 2);
    assertThat(w.weight()).containsExactly(0.75, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5);
  }

  @Test
  void bothDirectionsAndLoopsMayBeGiven() {
    Network w = weighted(2, pair(0, 1, 0.3), pair(0, 0, 0.7), pair(1, 0, 0.3), pair(1, 1, 0.7));
    assertThat(w.heard()).containsExactly(0, 1, 0, 1);
    assertThat(MixingContractTest.weight(w, 0, 0)).isCloseTo(0.7, within(1e-15));
  }

  @Test
  void aSingleAgentHearsItself() {
    assertThat(weighted(1).weight()).containsExactly(1);
    assertThat(weighted(1, pair(0, 0, 1)).weight()).containsExactly(1);
  }

  @Test
  void refusesWeightsThatDisagree() {
    refused(
        () -> weighted(2, pair(0, 1, 0.3), pair(1, 0, 0.4)),
        "The weight between agent st-b and agent st-a is 0.4; it was given as 0.3 before, so make"
            + " both the same.");
    refused(
        () -> weighted(2, pair(0, 1, 0.3), pair(0, 0, 0.68)),
        "The weights of agent st-a sum to 0.98 instead of 1. Maybe the edge list holds a one-way"
            + " link.");
  }

  @Test
  void refusesWeightsOutOfRange() {
    for (double bad : new double[] {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused(
          () -> weighted(2, pair(0, 1, bad)),
          "The weight between agent st-a and agent st-b is "
              + bad
              + "; it must be above 0, so leave out who does not hear each other.");
    }
    refused(
        () -> weighted(3, pair(0, 1, 0.6), pair(2, 1, 0.6)),
        "The weights that agent st-b gives to others sum to 1.2, which leaves nothing for itself."
            + " Lower them until they sum to less than 1.");
    // 0.3 + 0.7 leaves 1e-17 in doubles, which is nothing
    assertThatThrownBy(() -> weighted(3, pair(0, 1, 0.3), pair(2, 1, 0.7)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("sum to 1, which leaves nothing for itself");
  }

  @Test
  void refusesNetworksInParts() {
    refused(
        () -> weighted(4, pair(0, 2, 0.5), pair(1, 3, 0.5)),
        "The network is in two parts: agent st-b cannot be reached from agent st-a. Add a link"
            + " between the parts, or run them as problems of their own.");
    Links links = Links.of(4, new int[] {0}, new int[] {1});
    refused(
        () -> Network.of(links, MixingRules.METROPOLIS),
        "The network is in 3 parts: agent 2 cannot be reached from agent 0. Add a link"
            + " between the parts, or run them as problems of their own.");
  }

  @Test
  void theRecordItselfRefuses() {
    int[] offset = {0, 2, 4};
    int[] heard = {0, 1, 0, 1};
    refused(
        () -> new Network(offset, heard, new double[] {0.5, 0.5, 0.4, 0.5}),
        "The weights of agent 1 sum to 0.9 instead of 1. Maybe the edge list holds a one-way"
            + " link.");
    refused(
        () -> new Network(offset, heard, new double[] {0.5, 0.5, 0.4, 0.6}),
        "The weights that are given to agent 0 sum to 0.9 instead of 1. Maybe the edge list holds"
            + " a one-way link.");
    refused(
        () -> new Network(offset, heard, new double[] {1.5, -0.5, -0.5, 1.5}),
        "The weight that agent 0 gives to agent 1 is -0.5; it must be above 0.");
    for (int[] rows : new int[][] {{0, 1, 4}, {0, 2, 3}, {1, 2, 4}, {0, 5, 4}, {0}}) {
      assertThatThrownBy(() -> new Network(rows, heard, new double[] {0.5, 0.5, 0.5, 0.5}))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (int[] rows : new int[][] {{1, 0, 0, 1}, {0, 2, 0, 1}, {0, 0, 0, 1}, {-1, 0, 0, 1}}) {
      assertThatThrownBy(() -> new Network(offset, rows, new double[] {0.5, 0.5, 0.5, 0.5}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** 0 to 1 and 2, 1 to 2, 2 to 0: each gives equal shares to those who hear it, and itself. */
  @Test
  void directedNetworksPassEqualSharesOn() {
    Network found =
        Network.directed(
            3, new int[] {2, 0, 1, 0, 0, 1}, new int[] {0, 1, 2, 2, 1, 1}, Integer::toString);
    assertThat(found.directed()).isTrue();
    assertThat(found.links()).isEqualTo(4);
    assertThat(found.offset()).containsExactly(0, 2, 4, 7);
    assertThat(found.heard()).containsExactly(0, 2, 0, 1, 0, 1, 2);
    assertThat(found.weight())
        .containsExactly(1.0 / 3, 1.0 / 2, 1.0 / 3, 1.0 / 2, 1.0 / 3, 1.0 / 2, 1.0 / 2);
    assertThatThrownBy(() -> SpectralGap.of(found)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BorderDelay.slowdown(found, CellPartition.contiguous(3, 2), 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void directedNetworksWithoutAWayAreRefused() {
    IntFunction<String> name = i -> "st-" + (char) ('a' + i);
    refused(
        () -> Network.directed(3, new int[] {0, 1, 0}, new int[] {1, 0, 2}, name),
        "The directed network has no way from agent st-c to agent st-a. Add links until everybody"
            + " can reach everybody.");
    refused(
        () -> Network.directed(3, new int[] {0, 1, 2}, new int[] {1, 0, 0}, name),
        "The directed network has no way from agent st-a to agent st-c. Add links until everybody"
            + " can reach everybody.");
    refused(
        () ->
            new Network(
                new int[] {0, 2, 4},
                new int[] {0, 1, 0, 1},
                new double[] {0.5, 0.5, 0.4, 0.5},
                true),
        "The weights that are given to agent 0 sum to 0.9 instead of 1. Maybe the edge list holds"
            + " a one-way link.");
  }

  @Test
  void linksRefuseStrangers() {
    assertThatThrownBy(() -> Links.of(2, new int[] {0}, new int[] {2}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Links.of(0, new int[0], new int[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Links.of(2, new int[] {0, 1, 1}, new int[] {1, 0, 1}).count()).isEqualTo(1);
  }
}
