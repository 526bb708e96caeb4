package io.sotto.problem;

import java.util.List;
import java.util.Map;

/** The constraint sets that can be had by name. Their examples fit three coefficients. */
public final class ConstraintSets {
  private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);

  /** Values of {@code set} in {@code problem.constraints}; parameters are sibling keys of it. */
  public static final Registry<ConstraintSet> REGISTRY =
      new Registry<>("set", ConstraintSet.class)
          .add("ball", Map.of("radius", 2.0), Ball::of)
          .add("box", Map.of("lower", 0.0, "upper", List.of(1.0, 2.0, 3.0)), Box::of)
          .add("simplex", Map.of("total", 1.0), Simplex::of)
          .add("l1-ball", Map.of("radius", 1.5), L1Ball::of)
          .add("halfspace", Map.of("normal", ONES, "offset", 1.0), Halfspace::of)
          .add("hyperplane", Map.of("normal", ONES, "offset", 1.0), Affine::hyperplane)
          .add(
              "affine",
              Map.of("matrix", List.of(ONES, List.of(1.0, -1.0, 0.0)), "offset", List.of(1.0, 0.5)),
              Affine::of)
          .add(
              "polyhedron",
              Map.of("matrix", List.of(ONES, List.of(1.0, -1.0, 0.0)), "offset", List.of(1.0, 0.5)),
              Polyhedron::of)
          .add("second-order-cone", Map.of(), p -> new SecondOrderCone())
          .add("nonnegative", Map.of(), p -> Box.nonnegative());

  private ConstraintSets() {}
}
