package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every constraint set promises, and few projections known in closed form. */
class ConstraintSetsTest {
  private static final long SEED = 1986;

  /** A set in a space; each is made anew by every call. */
  record Case(String name, ConstraintSet set, int n) {
    @Override
    public String toString() {
      return name + " in " + n;
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Registry.Entry<ConstraintSet> entry : ConstraintSets.REGISTRY.entries()) {
      cases.add(new Case(entry.name(), entry.makeExample(), 3));
    }
    for (int n : new int[] {1, 2, 30, 10_000}) {
      double[] normal = direction(n, 1);
      cases.add(new Case("centered ball", new Ball(Coordinates.of(direction(n, 2)), 0.5), n));
      cases.add(new Case("point", new Ball(Coordinates.NONE, 0), n));
      cases.add(new Case("box", new Box(Coordinates.of(-0.1), Coordinates.of(0.2)), n));
      cases.add(new Case("simplex", new Simplex(2.5), n));
      cases.add(new Case("l1-ball", new L1Ball(2.5), n));
      cases.add(new Case("l1-point", new L1Ball(0), n));
      cases.add(new Case("halfspace", new Halfspace(Coordinates.of(normal), -1), n));
      cases.add(new Case("hyperplane", Affine.of(new double[][] {normal}, new double[] {2}), n));
      cases.add(new Case("cone", new SecondOrderCone(), n));
      cases.add(new Case("polyhedron", polyhedron(n, Math.min(60, 2 * n)), n));
      cases.add(new Case("whole space", new WholeSpace(), n));
    }
    cases.add(new Case("affine", affine(30, 7), 30));
    cases.add(new Case("wide affine", affine(10_000, 5), 10_000));
    cases.addAll(intersections());
    for (Case one : List.copyOf(cases)) {
      ConstraintSet other = isPlain(one) ? one.set().in(units(one.n())) : null;
      if (other != null) {
        cases.add(new Case(one.name() + " in other units", other, one.n()));
      }
    }
    return cases;
  }

  /** Intersections are made of others, and the whole space stays as it is. */
  private static boolean isPlain(Case one) {
    return one.n() <= 100
        && !(one.set() instanceof Intersection)
        && !(one.set() instanceof WholeSpace);
  }

  /** From 1/30 to 30, so that some coordinates are much longer than others. */
  private static Coordinates units(int n) {
    SplittableRandom random = new SplittableRandom(SEED);
    return Coordinates.of(random.doubles(n, -1, 1).map(e -> StrictMath.pow(30, e)).toArray());
  }

  /** Coefficients are units times x, whichever of the two a set is said in. */
  @ParameterizedTest
  @MethodSource("cases")
  void inOtherUnitsItHasTheSameMembers(Case space) {
    Coordinates units = units(space.n());
    ConstraintSet other = isPlain(space) ? space.set().in(units) : null;
    if (other == null) {
      return;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    for (int k = 0; k < 10; k++) {
      double[] w = random.doubles(space.n(), -3, 3).toArray();
      double[] x = other.projected(divided(w, units), space.n());
      assertThat(space.set().distance(times(x, units), space.n()))
          .as("%s: from x to w", space)
          .isLessThan(1e-7);
      double[] member = divided(space.set().projected(w, space.n()), units);
      assertThat(other.distance(member, space.n())).as("%s: from w to x", space).isLessThan(1e-7);
    }
  }

  private static double[] times(double[] x, Coordinates units) {
    double[] w = x.clone();
    Arrays.setAll(w, j -> x[j] * units.at(j));
    return w;
  }

  private static double[] divided(double[] w, Coordinates units) {
    double[] x = w.clone();
    Arrays.setAll(x, j -> w[j] / units.at(j));
    return x;
  }

  /** With the cycles that reports use: {@link #point} lies far outside, where updates do not. */
  private static List<Case> intersections() {
    ConstraintSet ball = new Ball(Coordinates.NONE, 2);
    ConstraintSet box = new Box(Coordinates.of(-0.5), Coordinates.of(1));
    ConstraintSet half = new Halfspace(Coordinates.of(direction(30, 3)), -1);
    ConstraintSet plane = Affine.of(new double[][] {{1, 1, 1}}, new double[] {1});
    return List.of(
        new Case("ball and box", accurate(ball, box), 3),
        new Case("ball, box and halfspace", accurate(ball, box, half), 30),
        new Case("ball and plane", accurate(ball, plane), 3),
        new Case("box and affine", accurate(box, affine(30, 3)), 30),
        new Case("simplex and l1", accurate(new Simplex(1), new L1Ball(1)), 3));
  }

  private static ConstraintSet accurate(ConstraintSet... sets) {
    return Intersection.accurate(Intersection.of(List.of(sets)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void landsInTheSetAndStaysThere(Case c) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < points(c); i++) {
      double[] x = point(c.n, random);
      double[] once = c.set.projected(x, c.n);
      assertThat(Vectors.distance(once, c.set.projected(once, c.n)))
          .as("%s, seed %d, point %d", c, SEED, i)
          .isLessThan(1e-9 * Math.max(1, Vectors.norm(x)));
      assertThat(c.set.distance(x, c.n)).isEqualTo(Vectors.distance(x, once));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isNotExpansive(Case c) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < points(c); i++) {
      double[] x = point(c.n, random);
      double[] y = point(c.n, random);
      double before = Vectors.distance(x, y);
      assertThat(Vectors.distance(c.set.projected(x, c.n), c.set.projected(y, c.n)))
          .as("%s, seed %d, pair %d", c, SEED, i)
          .isLessThanOrEqualTo(before * (1 + 1e-12) + 1e-9);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void makesObtuseAnglesWithMembers(Case c) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < points(c); i++) {
      double[] x = point(c.n, random);
      double[] member = c.set.projected(point(c.n, random), c.n);
      double[] p = c.set.projected(x, c.n);
      double product = 0;
      for (int j = 0; j < c.n; j++) {
        product += (x[j] - p[j]) * (member[j] - p[j]);
      }
      assertThat(product)
          .as("%s, seed %d, point %d", c, SEED, i)
          .isLessThanOrEqualTo(1e-9 * (1 + Vectors.norm(x)) * (1 + Vectors.norm(member)));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void leavesTheRestOfTheArraysAlone(Case c) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] x = point(c.n, random);
    double[] large = new double[c.n + 7];
    double[] work = new double[c.set.scratch(c.n) + 5];
    Arrays.fill(large, Math.E);
    Arrays.fill(work, Math.PI);
    System.arraycopy(x, 0, large, 4, c.n);

    c.set.project(large, 4, c.n, work, 2);

    assertThat(Arrays.copyOfRange(large, 4, 4 + c.n)).isEqualTo(c.set.projected(x, c.n));
    assertThat(Arrays.copyOf(large, 4)).containsOnly(Math.E);
    assertThat(Arrays.copyOfRange(large, 4 + c.n, large.length)).containsOnly(Math.E);
    assertThat(Arrays.copyOf(work, 2)).containsOnly(Math.PI);
    assertThat(Arrays.copyOfRange(work, work.length - 3, work.length)).containsOnly(Math.PI);
  }

  @Test
  void equalParametersGiveEqualSetsAlsoAfterSerialisation()
      throws IOException, ClassNotFoundException {
    List<Case> again = cases();
    for (Case c : cases()) {
      ConstraintSet same = again.remove(0).set;
      assertThat(same).as("%s", c).isEqualTo(c.set).hasSameHashCodeAs(c.set);
      assertThat(Serialised.copy(c.set)).as("%s", c).isEqualTo(c.set).hasSameHashCodeAs(c.set);
      assertThat(again).as("%s", c).noneMatch(other -> other.set.equals(c.set) && other.n == c.n);
    }
  }

  @Test
  void hyperplaneIsApproachedFromTheRightSide() {
    ConstraintSet plane = Affine.of(new double[][] {{1, 1, 1}}, new double[] {1});
    assertThat(plane.projected(new double[] {1, 2, 3}, 3))
        .containsExactly(new double[] {-2 / 3.0, 1 / 3.0, 4 / 3.0}, within(1e-15));
  }

  @Test
  void simplexSharesTheExcess() {
    ConstraintSet simplex = new Simplex(1);
    assertThat(simplex.projected(new double[] {0.9, 0.5, -3}, 3))
        .containsExactly(new double[] {0.7, 0.3, 0}, within(1e-15));
    assertThat(new L1Ball(1).projected(new double[] {0.9, -0.5, 0.1}, 3))
        .containsExactly(new double[] {0.7, -0.3, 0}, within(1e-15));
    // Where the points are large, no digit of the shares is lost.
    assertThat(simplex.projected(new double[] {1e12 + 0.5, 1e12, -1e12}, 3))
        .containsExactly(0.75, 0.25, 0);
  }

  /** Geometrically growing distances let candidates drop out few at a time. */
  @Test
  void simplexWithCandidatesThatDropOutSlowly() {
    double[] x = new double[2_000];
    for (int j = 0; j < x.length; j++) {
      x[j] = -Math.exp(-j * 0.4);
    }
    double[] p = new Simplex(1e-3).projected(x, x.length);
    assertThat(Arrays.stream(p).sum()).isCloseTo(1e-3, within(1e-15));
    assertThat(Arrays.stream(p).min()).hasValue(0);
  }

  @Test
  void equationsThatFollowFromOthersAreDropped() {
    double[][] matrix = {{1, 1, 0}, {0, 2, 2}, {3, 5, 2}, {0, 0, 0}};
    Affine line = Affine.of(matrix, new double[] {1, 2, 5, 0});
    assertThat(line.offset().size()).isEqualTo(2);
    double[] p = line.projected(new double[] {10, -3, 4}, 3);
    assertThat(p[0] + p[1]).isCloseTo(1, within(1e-12));
    assertThat(p[1] + p[2]).isCloseTo(1, within(1e-12));
    // The direction of the line is (1, -1, 1): the way to it is orthogonal to that.
    assertThat((p[0] - 10) - (p[1] + 3) + (p[2] - 4)).isCloseTo(0, within(1e-12));
  }

  @Test
  void moreEquationsThanCoordinatesLeaveOnePoint() {
    Affine point =
        Affine.of(new double[][] {{1, 0}, {1, 1}, {1e-8, -2e-8}}, new double[] {1, 3, -3e-8});
    assertThat(point.projected(new double[] {7, 7}, 2))
        .containsExactly(new double[] {1, 2}, within(1e-12));
  }

  private static int points(Case c) {
    return c.n > 1_000 ? 5 : 200;
  }

  /** Mostly outside; far away at times, and with equal coordinates at times. */
  private static double[] point(int n, SplittableRandom random) {
    double size = Math.pow(10, random.nextInt(3) - 1);
    boolean flat = random.nextInt(10) == 0;
    double all = random.nextDouble(-size, size);
    return random.doubles(n, -size, size).map(value -> flat ? all : value).toArray();
  }

  private static double[] direction(int n, long seed) {
    return new SplittableRandom(seed).doubles(n, 0.1, 1).toArray();
  }

  /** Around 0, none of the rows far from it. */
  private static Polyhedron polyhedron(int n, int rows) {
    SplittableRandom random = new SplittableRandom(n);
    double[][] matrix = new double[rows][];
    Arrays.setAll(matrix, i -> random.doubles(n, -1, 1).toArray());
    return Polyhedron.of(matrix, random.doubles(rows, 0, 0.3).toArray());
  }

  private static Affine affine(int n, int rows) {
    SplittableRandom random = new SplittableRandom(n);
    double[][] matrix = new double[rows][];
    for (int i = 0; i < rows; i++) {
      matrix[i] = random.doubles(n, -1, 1).toArray();
    }
    return Affine.of(matrix, random.doubles(rows, -0.1, 0.1).toArray());
  }
}
