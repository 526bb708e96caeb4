package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused names the key, the value and the remedy. */
class ConstraintParametersTest {

  static List<Arguments> refused() {
    List<Double> ones = List.of(1.0, 1.0);
    return List.of(
        Arguments.of("ball", Map.of(), "c.radius is missing; give it a number."),
        Arguments.of("ball", Map.of("radius", -1.0), "c.radius is -1; it must be 0 or more."),
        Arguments.of("l1-ball", Map.of("radius", -0.5), "c.radius is -0.5; it must be 0 or more."),
        Arguments.of("simplex", Map.of("total", 0), "c.total is 0; it must be above 0."),
        Arguments.of(
            "box",
            Map.of("lower", List.of(0, 2), "upper", List.of(1, 1.5)),
            "c.lower[1] is 2; it must not be above upper, whose number there is 1.5."),
        Arguments.of(
            "box",
            Map.of("lower", 2, "upper", 1),
            "c.lower is 2; it must not be above upper, whose number there is 1.0."),
        Arguments.of(
            "box",
            Map.of("lower", List.of(0, 0), "upper", List.of(1, 1, 1)),
            "c.lower is [0.0, 0.0]; it has 2 numbers and upper has 3, give both as many."),
        Arguments.of(
            "halfspace",
            Map.of("normal", List.of(0, 0), "offset", 1),
            "c.normal is [0.0, 0.0]; its squared length must be above 0 and finite."),
        Arguments.of(
            "hyperplane",
            Map.of("normal", List.of(0, 0), "offset", 1),
            "c.normal is [0.0, 0.0]; its squared length must be above 0 and finite."),
        Arguments.of("halfspace", Map.of("normal", ones), "c.offset is missing; give it a number."),
        Arguments.of(
            "affine",
            Map.of("matrix", List.of(ones, ones), "offset", 1),
            "c.offset is [1.0]; matrix has 2 rows, so it must have as many numbers, not 1."),
        Arguments.of(
            "affine",
            Map.of("matrix", List.of(List.of(0, 0)), "offset", 0),
            "c.offset is [0.0]; the matrix is all 0, which is no constraint; leave it out."),
        Arguments.of(
            "affine",
            Map.of("matrix", List.of(List.of(1, 0), List.of(0, 0)), "offset", List.of(1, 0.5)),
            "c.offset is [1.0, 0.5]; no x fulfils all equations of matrix x = offset: what"
                + " fulfils the others misses row 1 by 0.5; correct that row, or take it out."));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void contradictionIsRefused(String name, Map<String, ?> values, String message) {
    assertThatThrownBy(() -> make(name, values))
        .isInstanceOf(BadInputException.class)
        .hasMessage(message);
  }

  @Test
  void parallelHyperplanesAreRefused() {
    Map<String, ?> values =
        Map.of("matrix", List.of(List.of(1, 2), List.of(2, 4)), "offset", List.of(1, 3));
    assertThatThrownBy(() -> make("affine", values))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no x fulfils all equations");
  }

  @Test
  void anotherDimensionIsRefusedWithBothNumbers() {
    Coordinates two = Coordinates.of(1, 1);
    List<ConstraintSet> sets =
        List.of(
            new Ball(two, 1),
            new Box(two, Coordinates.of(2)),
            new Box(Coordinates.of(0), two),
            new Halfspace(two, 1),
            Affine.of(new double[][] {{1, 1}}, new double[] {1}),
            Intersection.of(List.of(new Simplex(1), new Halfspace(two, 1))));
    for (ConstraintSet set : sets) {
      set.requireDimension(2);
      assertThatThrownBy(() -> set.requireDimension(3))
          .as("%s", set)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("2")
          .hasMessageContaining("3 coefficients; give it one number for each.");
    }
  }

  @Test
  void oneNumberServesAllCoordinatesOfBoxesAndTheOriginOfBalls() {
    for (ConstraintSet set :
        List.of(make("box", Map.of("upper", 1)), make("ball", Map.of("radius", 1)))) {
      set.requireDimension(7);
      assertThat(set.projected(new double[] {0, 9, 0}, 3)).containsExactly(0, 1, 0);
    }
  }

  @Test
  void centerMovesTheBall() {
    ConstraintSet ball = make("ball", Map.of("radius", 1, "center", List.of(3, 4)));
    assertThat(ball.projected(new double[] {3, 9}, 2)).containsExactly(3, 5);
  }

  @Test
  void programmersAreToldToo() {
    Coordinates two = Coordinates.of(1, 1);
    assertThatThrownBy(() -> new Ball(two, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new L1Ball(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Simplex(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Box(two, Coordinates.of(1, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Box(two, Coordinates.NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Affine(two, Coordinates.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 rows are not orthonormal");
    assertThatThrownBy(() -> Coordinates.of(1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("coordinate 1 is not a number");
  }

  @Test
  void longArraysAreShownInPart() {
    assertThat(Coordinates.of(1, 2)).hasToString("[1.0, 2.0]");
    assertThat(Coordinates.of(new double[100]))
        .hasToString("[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ... 100 in all]");
  }

  private static ConstraintSet make(String name, Map<String, ?> values) {
    return ConstraintSets.REGISTRY.make("c.set", name, new Parameters("c", values));
  }
}
