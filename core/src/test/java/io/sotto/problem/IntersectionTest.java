package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dykstra's algorithm against closed forms, and which intersections are refused as empty. */
class IntersectionTest {
  private static final ConstraintSet BALL = new Ball(Coordinates.NONE, 1);
  private static final ConstraintSet HALF = new Halfspace(Coordinates.of(0, 1), 0.5);
  private static final String WHERE = "problem.constraints";

  @Test
  void oneSetIsItselfAndNoneIsTheWholeSpace() {
    assertThat(Intersection.of(List.of())).isEqualTo(new WholeSpace());
    assertThat(Intersection.of(List.of(BALL))).isSameAs(BALL);
    assertThat(Intersection.of(List.of(BALL, new WholeSpace(), new Ball(Coordinates.NONE, 1))))
        .isSameAs(BALL);
    assertThat(new WholeSpace().projected(new double[] {3, 4}, 2)).containsExactly(3, 4);
  }

  @Test
  void nestedIntersectionsAreFlattened() {
    ConstraintSet inner = Intersection.of(List.of(BALL, HALF));
    ConstraintSet all = Intersection.of(List.of(HALF, inner, new Simplex(1)));
    assertThat(all)
        .isEqualTo(new Intersection(List.of(HALF, BALL, new Simplex(1)), Intersection.QUICK));
    assertThat(Intersection.accurate(all))
        .isEqualTo(new Intersection(List.of(HALF, BALL, new Simplex(1)), Intersection.ACCURATE));
    assertThat(Intersection.accurate(BALL)).isSameAs(BALL);
  }

  @Test
  void boxesBecomeOne() {
    ConstraintSet wide = new Box(Coordinates.of(-1), Coordinates.of(4, 1));
    ConstraintSet high = new Box(Coordinates.of(0, -2), Coordinates.of(3));
    Box both = new Box(Coordinates.of(0, -1), Coordinates.of(3, 1));
    assertThat(Intersection.of(List.of(wide, high))).isEqualTo(both);
    assertThat(Intersection.of(List.of(wide, BALL, high)))
        .isEqualTo(new Intersection(List.of(both, BALL), Intersection.QUICK));
    assertThatThrownBy(
            () -> Intersection.of(List.of(high, new Box(Coordinates.of(9), Coordinates.of(9)))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("have no point in common, see coordinate 0; widen one of them.");
  }

  /** A disk without its cap: the flat part, the round part, and the two corners between. */
  @Test
  void ballAndHalfspaceInClosedForm() {
    ConstraintSet both = Intersection.of(List.of(BALL, HALF));
    double corner = Math.sqrt(0.75);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 500; i++) {
      double[] x = random.doubles(2, -3, 3).toArray();
      double norm = Vectors.norm(x);
      double[] expected;
      if (norm <= 1 && x[1] <= 0.5) {
        expected = x;
      } else if (norm > 1 && x[1] / norm <= 0.5) {
        expected = new double[] {x[0] / norm, x[1] / norm};
      } else if (Math.abs(x[0]) <= corner) {
        expected = new double[] {x[0], 0.5};
      } else {
        expected = new double[] {Math.copySign(corner, x[0]), 0.5};
      }
      assertThat(both.projected(x, 2))
          .as("seed 3, point %d: %s, %s", i, x[0], x[1])
          .containsExactly(expected, within(1e-8));
    }
  }

  @Test
  void aPointWithinAllSetsCostsOneCycleAndOneThatLeavesOneSetTwo() {
    Intersection both = (Intersection) Intersection.of(List.of(BALL, HALF));
    double[] work = new double[both.scratch(2)];
    double[] inside = {0.3, 0.4};
    assertThat(both.projectCounting(inside, 0, 2, work, 0)).isEqualTo(1);
    assertThat(inside).containsExactly(0.3, 0.4);
    assertThat(both.projectCounting(new double[] {3, -4}, 0, 2, work, 0)).isEqualTo(2);
  }

  @Test
  void itEndsAfterItsCyclesAndOnNumbersThatAreNone() {
    Intersection few = new Intersection(List.of(BALL, HALF), 3);
    double[] work = new double[few.scratch(2)];
    assertThat(few.projectCounting(new double[] {2, 3}, 0, 2, work, 0)).isEqualTo(3);
    double[] bad = {Double.NaN, 1};
    assertThat(few.projectCounting(bad, 0, 2, work, 0)).isEqualTo(1);
    ConstraintSet simplexes = Intersection.of(List.of(new Simplex(1), new L1Ball(1)));
    assertThat(simplexes.projected(bad, 2)).contains(Double.NaN);
  }

  @Test
  void accurateResultsAreFeasibleTo1e9() {
    SplittableRandom random = new SplittableRandom(11);
    Intersection sets =
        (Intersection)
            Intersection.accurate(
                Intersection.of(
                    List.of(
                        new Simplex(1),
                        new Halfspace(Coordinates.of(random.doubles(30, -1, 1).toArray()), -0.1),
                        new Ball(Coordinates.NONE, 0.5))));
    for (int i = 0; i < 20; i++) {
      double[] x = sets.projected(random.doubles(30, -1, 1).toArray(), 30);
      for (ConstraintSet member : sets.members()) {
        assertThat(member.distance(x, 30)).as("seed 11, point %d, %s", i, member).isLessThan(1e-9);
      }
    }
  }

  /** Sets that just touch, and thin ones: nonempty, and accepted. */
  static List<List<ConstraintSet>> touching() {
    ConstraintSet ball = new Ball(Coordinates.of(3, 4), 2);
    return List.of(
        List.of(ball, new Ball(Coordinates.of(8, 4), 3)),
        List.of(new Ball(Coordinates.of(1, 1), 2.5), new Ball(Coordinates.of(4, 5), 2.5)),
        List.of(ball, Affine.of(new double[][] {{1, 0}}, new double[] {5})),
        List.of(ball, Affine.of(new double[][] {{3, 4}}, new double[] {35})),
        List.of(ball, new Halfspace(Coordinates.of(-1, 0), -5)),
        List.of(new Ball(Coordinates.of(300, 4), 100), new Halfspace(Coordinates.of(0, 1), -96)),
        List.of(new Simplex(1), new Halfspace(Coordinates.of(-1, 0), -1)),
        List.of(ball, new Ball(Coordinates.of(5, 4), 0), new Ball(Coordinates.of(5, 9), 5)),
        List.of(
            new Halfspace(Coordinates.of(1e-3, 1), 0),
            new Halfspace(Coordinates.of(1e-3, -1), -1)));
  }

  @ParameterizedTest
  @MethodSource("touching")
  void setsThatOnlyTouchAreNotRefused(List<ConstraintSet> sets) {
    double[] member = Intersection.memberOrBadInput(Intersection.of(sets), 2, WHERE);
    double scale = 1;
    for (ConstraintSet set : sets) {
      scale = Math.max(scale, set.distance(new double[2], 2));
    }
    for (ConstraintSet set : sets) {
      assertThat(set.distance(member, 2)).as("%s", set).isLessThanOrEqualTo(1e-6 * scale);
    }
  }

  /** Random sets that all hold one point, with it well inside or on the boundary. */
  @Test
  void whoSharesAPointIsNotRefused() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int n = 1 + random.nextInt(10);
      double[] shared = random.doubles(n, -3, 3).toArray();
      List<ConstraintSet> sets = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        double[] other = random.doubles(n, -3, 3).toArray();
        double along = Vectors.dot(other, 0, shared, 0, n);
        double room = random.nextBoolean() ? 1e-9 : random.nextDouble();
        sets.add(
            switch (random.nextInt(3)) {
              case 0 -> new Ball(Coordinates.of(other), Vectors.distance(other, shared) + room);
              case 1 -> new Halfspace(Coordinates.of(other), along + room);
              default -> Affine.of(new double[][] {other}, new double[] {along});
            });
      }
      ConstraintSet all = Intersection.of(sets);
      double[] member = Intersection.memberOrBadInput(all, n, "seed " + seed);
      for (ConstraintSet set : sets) {
        assertThat(set.distance(member, n)).as("seed %d, %s", seed, set).isLessThan(1e-4);
      }
    }
  }

  @Test
  void emptyIntersectionNamesTheTwoSetsAndTheirDistance() {
    ConstraintSet sets =
        Intersection.of(
            List.of(
                new Ball(Coordinates.NONE, 10),
                new Halfspace(Coordinates.of(1, 0), 0),
                new Halfspace(Coordinates.of(-2, 0), -1)));
    assertThatThrownBy(() -> Intersection.memberOrBadInput(sets, 2, WHERE))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "The intersection of the 3 sets of problem.constraints was found empty:"
                + " Halfspace[normal=[1.0, 0.0], offset=0.0] and"
                + " Halfspace[normal=[-2.0, 0.0], offset=-1.0] remain 0.5 apart."
                + " Move or widen one of them.");
  }

  @Test
  void ballsThatMissByLittleAreRefused() {
    ConstraintSet sets =
        Intersection.of(
            List.of(new Ball(Coordinates.of(3, 4), 2), new Ball(Coordinates.of(8, 4), 2.999)));
    assertThatThrownBy(() -> Intersection.memberOrBadInput(sets, 2, WHERE))
        .isInstanceOf(BadInputException.class)
        .hasMessageMatching(".* remain (9\\.9|0\\.00[01]).* apart\\. .*");
  }

  @Test
  void setsThatMeetInPairsOnlyAreRefused() {
    ConstraintSet triangle =
        Intersection.of(
            List.of(
                new Halfspace(Coordinates.of(0, -1), -1),
                new Halfspace(Coordinates.of(1, 0.5), 0),
                new Halfspace(Coordinates.of(-1, 0.5), 0)));
    assertThatThrownBy(() -> Intersection.memberOrBadInput(triangle, 2, WHERE))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("each two of them meet, but no point is within 1.0E-6 of all");
  }

  @Test
  void oneSetGivesItsPointNearestToTheOrigin() {
    ConstraintSet plane = Affine.of(new double[][] {{3, 4}}, new double[] {25});
    assertThat(Intersection.memberOrBadInput(plane, 2, WHERE))
        .containsExactly(new double[] {3, 4}, within(1e-14));
  }
}
