package io.sotto.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.network.Links;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DrawingTest {
  private static Drawing ring(int agents, int farthest) {
    int[] from = IntStream.range(0, agents).toArray();
    int[] to = Arrays.stream(from).map(i -> (i + 1) % agents).toArray();
    Network network = Network.of(Links.of(agents, from, to), MixingRules.METROPOLIS);
    double[] distance = new double[agents];
    distance[farthest] = 0.5;
    Map<String, double[]> values = new LinkedHashMap<>();
    values.put("distance", distance);
    values.put("updates", new double[agents]);
    return Drawing.of(network, IntStream.range(0, agents).mapToObj(i -> "n" + i).toList(), values);
  }

  private static List<Object> list(@Nullable Object value) {
    return new ArrayList<>((List<?>) Objects.requireNonNull(value));
  }

  @Test
  void aSmallNetworkIsDrawnWhole() {
    Map<String, ?> map = ring(8, 3).toMap();
    assertThat(map.get("cut")).isNull();
    assertThat((List<?>) map.get("names")).hasSize(8);
    assertThat((List<?>) map.get("pairs")).hasSize(8);
    List<Double> radii = new ArrayList<>();
    for (Object place : list(map.get("places"))) {
      List<?> at = (List<?>) place;
      radii.add(Math.hypot((Double) at.get(0), (Double) at.get(1)));
    }
    assertThat(radii)
        .as("a ring is a circle")
        .allSatisfy(r -> assertThat(r).isCloseTo(radii.get(0), within(0.05 * radii.get(0))));
    assertThat(radii.get(0)).isGreaterThan(0.1);
  }

  @Test
  void ofALargeOneThePartAroundTheFarthestIsDrawn() {
    Map<String, ?> map = ring(5_000, 3).toMap();
    List<Object> names = list(map.get("names"));
    assertThat(names)
        .hasSize(Drawing.MOST)
        .contains("n3", "n0", "n4990", "n90")
        .doesNotContain("n2500");
    assertThat((List<?>) map.get("pairs")).as("a piece of the ring").hasSize(Drawing.MOST - 1);
    assertThat(map.get("cut")).asString().contains("200 of 5,000 agents");
    assertThat(map.get("agents")).isEqualTo(5_000);
    assertThat(map.get("values"))
        .asString()
        .as("by name, in the order of names")
        .startsWith(
            "{distance=" + names.stream().map(name -> name.equals("n3") ? 0.5 : 0.0).toList());
    assertThat(ring(5_000, 3).toMap()).as("the same twice").isEqualTo(map);
  }
}
