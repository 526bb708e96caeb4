package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every loss promises, and few values that pin each down. */
class LossesTest {
  private static final long SEED = 20091;
  private static final int PAIRS = 2_000;

  static Collection<Registry.Entry<Loss>> losses() {
    return Losses.REGISTRY.entries();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void derivativeIsSubgradient(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < PAIRS; i++) {
      double y = label(loss, random);
      double z = point(y, random);
      double other = point(y, random);
      double line = loss.value(z, y) + loss.derivative(z, y) * (other - z);
      assertThat(loss.value(other, y))
          .as("%s, seed %d, z %s, other %s, y %s", loss, SEED, z, other, y)
          .isGreaterThanOrEqualTo(line - 1e-12 * (1 + Math.abs(line)));
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void valueIsConvexAlongSegments(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < PAIRS; i++) {
      double y = label(loss, random);
      double a = point(y, random);
      double b = point(y, random);
      double part = random.nextDouble();
      double chord = (1 - part) * loss.value(a, y) + part * loss.value(b, y);
      assertThat(loss.value((1 - part) * a + part * b, y))
          .as("%s, seed %d, from %s to %s at %s, y %s", loss, SEED, a, b, part, y)
          .isLessThanOrEqualTo(chord + 1e-12 * (1 + Math.abs(chord)));
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void derivativeAgreesWithDifferencesAwayFromKinks(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    SplittableRandom random = new SplittableRandom(SEED);
    double h = 1e-5;
    for (int i = 0; i < PAIRS; i++) {
      double y = label(loss, random);
      double z = point(y, random);
      if (!loss.smooth() && (Math.abs(z - y) <= h || Math.abs(1 - y * z) <= h)) {
        continue;
      }
      double slope = (loss.value(z + h, y) - loss.value(z - h, y)) / (2 * h);
      assertThat(loss.derivative(z, y))
          .as("%s, seed %d, z %s, y %s", loss, SEED, z, y)
          .isCloseTo(slope, within(h * (1 + Math.abs(slope))));
    }
  }

  /**
   * z = t - eta u minimises the loss and the squared distance from t; tried within steps around.
   */
  @ParameterizedTest
  @MethodSource("losses")
  void dualIsThatOfTheProximalStep(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < PAIRS; i++) {
      double y = label(loss, random);
      double t = 10 * point(y, random);
      double eta = Math.pow(10, random.nextDouble(-4, 4));
      double near = random.nextDouble(-1, 1);
      double u = loss.dual(t, y, eta, near);
      double z = t - eta * u;
      String what = "%s, seed %d, t %s, y %s, eta %s".formatted(loss, SEED, t, y, eta);
      assertThat(general(loss).dual(t, y, eta, near))
          .as(what)
          .isCloseTo(u, within(1e-6 * (1 + Math.abs(u)) + 1e-9 / eta));
      double best = loss.value(z, y) + (z - t) * (z - t) / (2 * eta);
      for (double step = 1e-3; step < 1e3; step *= 10) {
        for (double other : new double[] {z - step, z + step}) {
          assertThat(loss.value(other, y) + (other - t) * (other - t) / (2 * eta))
              .as(what)
              .isGreaterThanOrEqualTo(best - 1e-9 * (1 + Math.abs(best)));
        }
      }
    }
  }

  /** The loss with nothing but what every loss has. */
  private static Loss general(Loss loss) {
    return new Loss() {
      @Override
      public double value(double z, double y) {
        return loss.value(z, y);
      }

      @Override
      public double derivative(double z, double y) {
        return loss.derivative(z, y);
      }

      @Override
      public Labels labels() {
        return loss.labels();
      }

      @Override
      public boolean smooth() {
        return loss.smooth();
      }

      @Override
      public double curvature(double y) {
        return loss.curvature(y);
      }
    };
  }

  /** Fenchel and Young: value + conjugate >= u z, and equal where u is a subgradient at z. */
  @ParameterizedTest
  @MethodSource("losses")
  void conjugateIsTheLeastBound(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < PAIRS; i++) {
      double y = label(loss, random);
      double z = point(y, random);
      double u = loss.derivative(z, y);
      double other = point(y, random);
      double conjugate = loss.conjugate(u, y);
      double scale = 1 + Math.abs(u * z) + Math.abs(loss.value(z, y));
      assertThat(conjugate)
          .as("%s, seed %d, z %s, y %s", loss, SEED, z, y)
          .isCloseTo(u * z - loss.value(z, y), within(1e-11 * scale));
      assertThat(loss.value(other, y))
          .as("%s, seed %d, z %s, y %s", loss, SEED, other, y)
          .isGreaterThanOrEqualTo(u * other - conjugate - 1e-11 * (scale + Math.abs(u * other)));
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void nothingIsNotANumber(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    double[] labels =
        switch (loss.labels()) {
          case REAL -> new double[] {-1e9, -1, 0, 3, 1e9};
          case BINARY -> new double[] {-1, 1};
          case COUNT -> new double[] {0, 1, 1e9};
          case CLASSES -> new double[] {0, 1, 2};
          case TIME -> new double[] {1e-9, 1, 1e9};
        };
    double infinity = Double.POSITIVE_INFINITY;
    for (double y : labels) {
      for (double z : new double[] {-infinity, -1e308, -1e6, -800, 0, 800, 1e6, 1e308, infinity}) {
        assertThat(loss.value(z, y))
            .as("%s at %s, y %s", loss, z, y)
            .isNotNaN()
            .isNotEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(loss.derivative(z, y)).as("%s at %s, y %s", loss, z, y).isNotNaN();
      }
    }
  }

  /** Second differences stay below the curvature where that is a bound, and come near it. */
  @ParameterizedTest
  @MethodSource("losses")
  void curvatureBoundsTheSecondDerivative(Registry.Entry<Loss> entry) {
    Loss loss = entry.makeExample();
    double y = loss.labels() == Loss.Labels.COUNT ? 3 : 1;
    assertThat(loss.curvature(y) > 0).as("%s", loss).isEqualTo(loss.smooth());
    if (!loss.smooth() || loss instanceof Poisson) {
      return;
    }
    double h = 1e-4;
    double greatest = 0;
    for (double z = -3.003; z < 5; z += 0.01) {
      greatest =
          Math.max(greatest, (loss.derivative(z + h, y) - loss.derivative(z - h, y)) / (2 * h));
    }
    assertThat(greatest).as("%s", loss).isCloseTo(loss.curvature(y), within(1e-4));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void equalParametersGiveEqualLosses(Registry.Entry<Loss> entry)
      throws IOException, ClassNotFoundException {
    Loss loss = entry.makeExample();
    assertThat(entry.makeExample()).isEqualTo(loss);
    assertThat(Serialised.copy(loss)).isEqualTo(loss).hasSameHashCodeAs(loss);
  }

  @ParameterizedTest
  @CsvSource({
    "squared,       3,   1,  2,                  2",
    "absolute,      3,   1,  2,                  1",
    "absolute,      1,   1,  0,                  0",
    "huber,         2,   1,  0.5,                1",
    "huber,         4,   1,  3.13875,            1.35",
    "huber,        -2,   1,  3.13875,           -1.35",
    "quantile,      2,   1,  0.5,                0.5",
    "logistic,      0,  -1,  0.6931471805599453, 0.5",
    "logistic,   1000,  -1,  1000,               1",
    "logistic,   1000,   1,  0,                  0",
    "hinge,         0,  -1,  1,                  1",
    "hinge,         1,   1,  0,                  0",
    "squared-hinge, 3,  -1,  8,                  4",
    "squared-hinge, 3,   1,  0,                  0",
    "poisson,       0,   2,  1,                 -1",
    "poisson,       0,   0,  1,                  1",
    "poisson,    1000,   2,  Infinity,           Infinity",
    "poisson,    1000,   0,  Infinity,           Infinity"
  })
  void definition(String name, double z, double y, double value, double derivative) {
    Loss loss = make(name, Map.of());
    assertThat(loss.value(z, y)).isCloseTo(value, within(1e-15 * Math.max(1, Math.abs(value))));
    assertThat(loss.derivative(z, y)).isCloseTo(derivative, within(1e-15));
  }

  @Test
  void quantileWeighsTheTwoSides() {
    Loss loss = make("quantile", Map.of("quantile-level", 0.9));
    assertThat(loss.value(0, 2)).isCloseTo(1.8, within(1e-15));
    assertThat(loss.value(2, 0)).isCloseTo(0.2, within(1e-15));
    assertThat(loss.derivative(0, 2)).isEqualTo(-0.9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          huber    | huber-delta    | 0   | problem.huber-delta is 0; it must be above 0, in units of the label.
          huber    | huber-delta    | -1  | problem.huber-delta is -1; it must be above 0, in units of the label.
          huber    | huber-delta    | wide| problem.huber-delta is 'wide'; it must be a number.
          quantile | quantile-level | 0   | problem.quantile-level is 0; it must be above 0 and below 1.
          quantile | quantile-level | 1   | problem.quantile-level is 1; it must be above 0 and below 1.
          quantile | quantile-level | 1.5 | problem.quantile-level is 1.5; it must be above 0 and below 1.
          """)
  void badParameterIsNamed(String name, String key, String value, String message) {
    assertThatThrownBy(() -> make(name, Map.of(key, value)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(message);
  }

  private static Loss make(String name, Map<String, ?> values) {
    return Losses.REGISTRY.make("problem.loss", name, new Parameters("problem", values));
  }

  static double label(Loss loss, SplittableRandom random) {
    return switch (loss.labels()) {
      case REAL -> random.nextDouble(-3, 3);
      case BINARY -> random.nextBoolean() ? 1 : -1;
      case COUNT -> random.nextInt(10);
      case CLASSES -> random.nextInt(3);
      case TIME -> random.nextDouble(0.01, 9);
    };
  }

  /** A prediction, often one where a loss has or could have a kink. */
  private static double point(double y, SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> y;
      case 1 -> y == 0 ? 0 : 1 / y;
      case 2 -> y + 1.35;
      default -> random.nextDouble(-5, 5);
    };
  }

  /** A smoothed kink is the mean of the loss over a normal error; its derivatives are its own. */
  @Test
  void smoothedKinksAreMeansOfTheLoss() {
    Quantile loss = new Quantile(0.3);
    double width = 0.7;
    SmoothedKink smoothed = Objects.requireNonNull(SmoothedKink.of(loss, width));
    for (double z : new double[] {-40, -1.5, -0.2, 0, 0.4, 2, 40}) {
      double mean = 0;
      double step = 1e-3;
      for (double e = -8; e < 8; e += step) {
        mean += step * Math.exp(-e * e / 2) / Math.sqrt(2 * Math.PI) * loss.value(z + width * e, 1);
      }
      assertThat(smoothed.value(z, 1)).isCloseTo(mean, within(1e-6));
      assertThat(smoothed.value(z, 1)).isBetween(loss.value(z, 1), loss.value(z, 1) + 0.4 * width);
      double h = 1e-5;
      assertThat(smoothed.derivative(z, 1))
          .isCloseTo((smoothed.value(z + h, 1) - smoothed.value(z - h, 1)) / (2 * h), within(1e-8));
      assertThat(smoothed.second(z, 1))
          .isCloseTo(
              (smoothed.derivative(z + h, 1) - smoothed.derivative(z - h, 1)) / (2 * h),
              within(1e-8));
    }
    assertThat(smoothed.level()).isEqualTo(0.3);
    assertThat(SmoothedKink.of(new Hinge(), width)).isNull();
  }
}
