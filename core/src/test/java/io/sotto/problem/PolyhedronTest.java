package io.sotto.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Projections onto polyhedra are those of Dykstra's method, and of sets in closed form. */
class PolyhedronTest {
  private static final long SEED = 1983;

  /** Rows with positive and negative offsets that some point fulfils. */
  private static double[][] rows(int count, int n, SplittableRandom random) {
    double[][] rows = new double[count][];
    Arrays.setAll(rows, i -> random.doubles(n, -1, 1).toArray());
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "3, 3", "8, 3", "40, 5", "300, 20", "30, 200"})
  void projectionFulfilsTheConditionsOfOptimality(int count, int n) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[][] rows = rows(count, n, random);
    double[] inside = random.doubles(n, -1, 1).toArray();
    double[] offset = new double[count];
    Arrays.setAll(offset, i -> Vectors.dot(rows[i], 0, inside, 0, n) + random.nextDouble(0, 0.5));
    Polyhedron set = Polyhedron.of(rows, offset);
    for (int k = 0; k < 50; k++) {
      double[] x = random.doubles(n, -5, 5).toArray();
      double[] p = set.projected(x, n);
      double[] normal = new double[n];
      Arrays.setAll(normal, j -> x[j] - p[j]);
      // x - p must be a sum of rows that hold with equality, none of them taken less than 0 times:
      // then no point of the polyhedral cone that they bound makes an acute angle with it
      double[][] tight =
          IntStream.range(0, count)
              .filter(
                  i -> {
                    double gap = offset[i] - Vectors.dot(rows[i], 0, p, 0, n);
                    assertThat(gap).as("row %d, seed %d", i, SEED).isGreaterThan(-1e-10);
                    return gap < 1e-9;
                  })
              .mapToObj(i -> rows[i])
              .toArray(double[][]::new);
      assertThat(Vectors.norm(normal) == 0 || tight.length > 0).isTrue();
      double[] best = intersection(tight, new double[tight.length]).projected(normal, n);
      assertThat(Vectors.norm(best)).as("seed %d", SEED).isLessThan(1e-7 * Vectors.norm(x));
    }
  }

  private static ConstraintSet intersection(double[][] rows, double[] offset) {
    return Intersection.accurate(
        Intersection.of(
            IntStream.range(0, rows.length)
                .mapToObj(i -> new Halfspace(Coordinates.of(rows[i]), offset[i]))
                .toList()));
  }

  @Test
  void aBoxSaidAsRowsIsABox() {
    int n = 6;
    double[][] rows = new double[2 * n][n];
    double[] offset = new double[2 * n];
    for (int j = 0; j < n; j++) {
      rows[j][j] = 3;
      offset[j] = 3;
      rows[n + j][j] = -1;
      offset[n + j] = 0.5;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    Box box = new Box(Coordinates.of(-0.5), Coordinates.of(1));
    Polyhedron polyhedron = Polyhedron.of(rows, offset);
    for (int k = 0; k < 200; k++) {
      double[] x = random.doubles(n, -3, 3).toArray();
      assertThat(polyhedron.projected(x, n)).containsExactly(box.projected(x, n), within(1e-12));
    }
  }

  /** Equations said as two inequalities each, and said twice. */
  @Test
  void rowsThatDependOnOthersAreNoMatter() {
    double[][] rows = {{1, 1, 0}, {-1, -1, 0}, {2, 2, 0}, {0, 1, 1}, {0, -1, -1}, {1, 2, 1}};
    Polyhedron set = Polyhedron.of(rows, new double[] {1, -1, 2, 2, -2, 3});
    Affine line = Affine.of(new double[][] {{1, 1, 0}, {0, 1, 1}}, new double[] {1, 2});
    double[] x = {10, -3, 4};
    assertThat(set.projected(x, 3)).containsExactly(line.projected(x, 3), within(1e-11));
  }

  @Test
  void contradictionsAndEmptyRowsAreRefusedByNumber() {
    double[][] rows = {{1, 0}, {0, 1}, {-1, -1}};
    assertThatThrownBy(() -> Polyhedron.of(rows, new double[] {1, 1, -3}))
        .hasMessageContaining("no x fulfils all rows")
        .hasMessageContaining("contradicts others");
    assertThat(Polyhedron.of(rows, new double[] {1, 1, -2}).projected(new double[2], 2))
        .containsExactly(new double[] {1, 1}, within(1e-12));
    assertThatThrownBy(() -> Polyhedron.of(new double[][] {{1, 2}, {0, 0}}, new double[] {1, 1}))
        .hasMessageContaining("row 1 of matrix is all 0");
    assertThatThrownBy(() -> Polyhedron.of(rows, new double[] {1})).hasMessageContaining("3 rows");
  }

  @Test
  void manyEquationsOfWhichManyDepend() {
    int n = 400;
    int free = 300;
    SplittableRandom random = new SplittableRandom(SEED);
    double[] solution = random.doubles(n, -1, 1).toArray();
    double[][] rows = new double[2_000][];
    double[] offset = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[n];
      for (int e = 0; e < 5; e++) {
        rows[i][random.nextInt(free)] += random.nextDouble(-1, 1);
      }
      offset[i] = Vectors.dot(rows[i], 0, solution, 0, n);
    }
    Affine set = Affine.of(rows, offset);
    assertThat(set.offset().size()).isEqualTo(free);
    double[] x = random.doubles(n, -1, 1).toArray();
    double[] p = set.projected(x, n);
    for (int j = 0; j < n; j++) {
      assertThat(p[j]).isCloseTo(j < free ? solution[j] : x[j], within(1e-8));
    }
    offset[1_234] += 0.01;
    assertThatThrownBy(() -> Affine.of(rows, offset))
        .hasMessageContaining("no x fulfils all equations");
  }
}
