package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.model.ModelShape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table of experts that agents' tokens have. */
class ExpertLoadsTest {
  /** Three layers, two of them with four experts, of which each token has two. */
  private static final ModelShape SHAPE =
      new ModelShape(13, 24, 3, 1, 2, 8, 8, 8, 4, 32, 8, 4, 1, 2, 1, 1, 16, 1);

  private static final long[][] EVEN = {{50, 50, 50, 50}, {50, 50, 50, 50}};
  private static final long[][] OWN = {{100, 100, 0, 0}, {40, 60, 25, 75}};

  @Test
  void eachLayerHasATable() {
    ExpertLoads loads = new ExpertLoads(SHAPE, List.of("a", "bob"), new long[][][] {EVEN, OWN});
    assertThat(loads.lines())
        .containsExactly(
            "layers.1: per cent of each agent's held-out tokens that expert 0, 1, ... has (each"
                + " token has 2 of 4 experts; equal shares are 50.0)",
            "  a    50  50  50  50",
            "  bob 100 100   0   0",
            "  MaxVio 0.50 (the largest load of an expert / the mean load - 1, over all agents)",
            "layers.2: per cent of each agent's held-out tokens that expert 0, 1, ... has (each"
                + " token has 2 of 4 experts; equal shares are 50.0)",
            "  a    50  50  50  50",
            "  bob  40  60  25  75",
            "  MaxVio 0.25 (the largest load of an expert / the mean load - 1, over all agents)");
    Map<?, ?> layer = (Map<?, ?>) Objects.requireNonNull(loads.toMap().get("layers.1"));
    assertThat(layer.get("maxVio")).isEqualTo(0.5);
    assertThat(layer.get("shares")).isEqualTo(new double[] {0.75, 0.75, 0.25, 0.25});
    assertThat(((Map<?, ?>) Objects.requireNonNull(layer.get("sharesByAgent"))).get("bob"))
        .isEqualTo(new double[] {1, 1, 0, 0});
  }

  @Test
  void ofManyAgentsTheFirstAreShown() {
    List<String> agents = IntStream.range(0, 101).mapToObj(i -> "a" + i).toList();
    long[][][] all = new long[101][][];
    Arrays.fill(all, EVEN);
    ExpertLoads loads = new ExpertLoads(SHAPE, agents, all);
    assertThat(loads.lines()).hasSize(2 * 15);
    assertThat(loads.lines().get(12)).isEqualTo("  a11  50  50  50  50");
    assertThat(loads.lines().get(13)).isEqualTo("  and 89 more agents");
    Map<?, ?> layer = (Map<?, ?>) Objects.requireNonNull(loads.toMap().get("layers.2"));
    assertThat(layer.containsKey("shares")).isTrue();
    assertThat(layer.containsKey("sharesByAgent")).isFalse();
  }
}
