package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.problem.Ball;
import io.sotto.problem.Box;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Coordinates;
import io.sotto.problem.Loss;
import io.sotto.problem.Objectives;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs that could say anything different have different digests. */
class RunDigestTest {
  @TempDir Path dir;

  private static String of(Part<?> part) {
    return new RunDigest().part("set", part).hex();
  }

  private static final String SET =
      """
      import io.sotto.problem.ConstraintSet;
      public record Own() implements ConstraintSet {
        @Override public void project(double[] x, int at, int n, double[] work, int workAt) {
          for (int j = at; j < at + n; j++) {
            x[j] = Math.min(x[j], %s);
          }
        }
      }
      """;

  private static final String LOSS =
      """
      import io.sotto.problem.Loss;
      public record Own() implements Loss {
        @Override public double value(double z, double y) { return %s * (z - y) * (z - y); }
        @Override public double derivative(double z, double y) { return 2 * (z - y); }
        @Override public Loss.Labels labels() { return Loss.Labels.REAL; }
        @Override public boolean smooth() { return true; }
        @Override public double curvature(double y) { return 2; }
      }
      """;

  /** The digest of a class of a user's own, as his jar has it. */
  private String compiled(String version, String code, String number) throws IOException {
    Path source = Files.createDirectories(dir.resolve(version)).resolve("Own.java");
    Files.writeString(source, code.formatted(number));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path classes = Files.createDirectories(dir.resolve(version + "-classes"));
    String path = System.getProperty("java.class.path");
    assertThat(
            compiler.run(
                null, null, null, "-cp", path, "-d", classes.toString(), source.toString()))
        .isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      Object own = loader.loadClass("Own").getConstructor().newInstance();
      Object part = own instanceof Loss loss ? Objectives.of(loss) : own;
      return of(Part.of("Own", Map.of(), part));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theCodeOfOnesOwnClassCounts() throws IOException {
    for (String code : List.of(SET, LOSS)) {
      String kind = code.equals(SET) ? "set" : "loss";
      String first = compiled(kind + "-a", code, "1.0");
      assertThat(compiled(kind + "-b", code, "1.0")).as("elsewhere").isEqualTo(first);
      assertThat(compiled(kind + "-c", code, "2.0")).isNotEqualTo(first);
    }
  }

  @Test
  void whatAProgramMadeCountsByAllThatItHolds() {
    assertThat(of(Part.of(new Ball(2)))).isEqualTo(of(Part.of(new Ball(2))));
    assertThat(of(Part.of(new Ball(2)))).isNotEqualTo(of(Part.of(new Ball(3))));
    assertThat(of(Part.of(new Box(Coordinates.of(1), Coordinates.of(2)))))
        .isNotEqualTo(of(Part.of(new Box(Coordinates.of(1), Coordinates.of(3)))));
  }

  @Test
  void whatAConfigurationChoseCountsByNameAndParameters() {
    Part<ConstraintSet> two = Part.of("ball", Map.of("radius", 2), new Ball(2));
    assertThat(of(two)).isEqualTo(of(Part.of("ball", Map.of("radius", 2), new Ball(2))));
    assertThat(of(two)).isNotEqualTo(of(Part.of("ball", Map.of("radius", 3), new Ball(3))));
  }

  @Test
  void namesAndLengthsKeepValuesApart() {
    assertThat(new RunDigest().text("a", "bc").text("d", "").hex())
        .isNotEqualTo(new RunDigest().text("a", "b").text("cd", "").hex());
    assertThat(new RunDigest().number("x", 0.0).hex())
        .isNotEqualTo(new RunDigest().number("x", -0.0).hex());
  }
}
