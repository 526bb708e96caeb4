package io.sotto.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.Curvature;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Factors, decrements and the bounds that are made of them. */
class NewtonTest {
  private static final long SEED = 1687;
  private static final int D = 6;

  /** A A^T of a rank, in coordinates that differ by six orders of magnitude, and g = H v. */
  private record Quadratic(double[] packed, double[] slope, double square) {
    static Quadratic of(int rank) {
      SplittableRandom random = new SplittableRandom(SEED);
      double[][] a = new double[D][rank];
      for (int i = 0; i < D; i++) {
        for (int k = 0; k < rank; k++) {
          a[i][k] = Math.pow(10, i - 3) * random.nextDouble(-1, 1);
        }
      }
      double[] packed = new double[Curvature.size(D)];
      double[] image = new double[rank];
      double[] slope = new double[D];
      for (int k = 0; k < rank; k++) {
        for (int i = 0; i < D; i++) {
          image[k] += a[i][k] * Math.pow(10, 3 - i) * (i - 2);
        }
      }
      double square = 0;
      for (int k = 0; k < rank; k++) {
        square += image[k] * image[k];
        for (int i = 0; i < D; i++) {
          slope[i] += a[i][k] * image[k];
          for (int j = 0; j <= i; j++) {
            packed[Curvature.at(i, j)] += a[i][k] * a[j][k];
          }
        }
      }
      return new Quadratic(packed, slope, square);
    }
  }

  @Test
  void theDecrementIsThatOfTheNewtonStepWhateverTheUnits() {
    for (int rank : new int[] {D, D - 2}) {
      Quadratic f = Quadratic.of(rank);
      Newton newton = Objects.requireNonNull(Newton.of(f.packed(), D));
      double decrement = newton.decrement(f.slope(), 1e6);
      assertThat(newton.rank()).isEqualTo(rank);
      assertThat(decrement * decrement).isCloseTo(f.square(), within(1e-6 * f.square()));
      double inner = 0;
      double[] inverse = newton.inverse();
      for (int i = 0; i < D; i++) {
        for (int j = 0; j < D; j++) {
          inner +=
              f.slope()[i] * inverse[Curvature.at(Math.max(i, j), Math.min(i, j))] * f.slope()[j];
        }
      }
      assertThat(inner).as("by the inverse").isCloseTo(f.square(), within(1e-6 * f.square()));
    }
  }

  @Test
  void theStepEndsWhereTheGradientIsZeroAndIsAsLongAsTheDecrement() {
    for (int rank : new int[] {D, D - 2}) {
      Quadratic f = Quadratic.of(rank);
      Newton newton = Objects.requireNonNull(Newton.of(f.packed(), D));
      double[] x = {1, -2, 3, -4, 5, -6};
      double[] there = newton.step(x, f.slope());
      double size = 0;
      for (int i = 0; i < D; i++) {
        double left = f.slope()[i];
        for (int j = 0; j < D; j++) {
          left += f.packed()[Curvature.at(Math.max(i, j), Math.min(i, j))] * (there[j] - x[j]);
        }
        size = Math.max(size, Math.abs(left / f.slope()[i]));
      }
      assertThat(size).as("rank %d", rank).isLessThan(1e-6);
      assertThat(newton.distance(x, there))
          .as("rank %d", rank)
          .isCloseTo(Math.sqrt(f.square()), within(1e-6 * Math.sqrt(f.square())));
      assertThat(newton.isUnique()).isEqualTo(rank == D);
    }
  }

  @Test
  void aSlopeAlongAFlatDirectionLeavesNothingKnown() {
    Quadratic f = Quadratic.of(D - 2);
    double[] other = f.slope().clone();
    other[0] += 1;
    Newton newton = Objects.requireNonNull(Newton.of(f.packed(), D));
    assertThat(newton.decrement(other, 1)).isNaN();
    assertThat(Newton.of(new double[] {Double.NaN}, 1)).isNull();
  }

  /** e^y - y, which is as self-concordant as 1 says, has its least value 1 at 0. */
  @Test
  void theBoundHoldsAndTendsToThatOfAQuadratic() {
    for (double y : new double[] {-0.5, -0.1, -1e-3, 1e-6, 1e-3, 0.2, 0.6}) {
      double second = Math.exp(y);
      double decrement = Math.abs(second - 1) / Math.sqrt(second);
      double steepness = 1 / Math.sqrt(second);
      double gap = second - y - 1;
      double bound = Newton.gap(decrement, steepness);
      assertThat(bound).as("at %s", y).isGreaterThanOrEqualTo(gap * (1 - 1e-6) - 1e-15);
      assertThat(Newton.distance(decrement, steepness))
          .as("at %s", y)
          .isGreaterThanOrEqualTo(Math.sqrt(second) * Math.abs(y) * (1 - 1e-9));
    }
    assertThat(Newton.gap(1, 1)).isNaN();
    assertThat(Newton.gap(0.1, 0)).isCloseTo(0.005, within(1e-15));
    assertThat(Newton.gap(0.9999e-3, 1))
        .as("the series")
        .isCloseTo(Newton.gap(1.0001e-3, 1), within(1e-9));
  }
}
