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

  /** What is said of a set that is known in the units of the problem only. */
  public static final String SOLVED_UNITS_ONLY =
      "only a ball, box, halfspace, hyperplane, affine, polyhedron or nonnegative set, or one of"
          + " your own with a method in(Coordinates), can be given in the units of the columns."
          + " Take units out, or take one of those sets.";

  private ConstraintSets() {}

  /** Whether a set can be given in other units, see {@link ConstraintSet#in}. */
  public static boolean hasUnits(ConstraintSet set) {
    try {
      return set.getClass().getMethod("in", Coordinates.class).getDeclaringClass()
          != ConstraintSet.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every set has this method", e);
    }
  }
}
