package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.problem.Ball;
import io.sotto.problem.Box;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Coordinates;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** A set of a user's own, as his jar has it. */
  private String compiled(String version, String radius) throws IOException {
    Path source = Files.createDirectories(dir.resolve(version)).resolve("Own.java");
    Files.writeString(
        source,
        """
        import io.sotto.problem.ConstraintSet;
        public record Own() implements ConstraintSet {
          @Override public void project(double[] x, int at, int n, double[] work, int workAt) {
            for (int j = at; j < at + n; j++) {
              x[j] = Math.min(x[j], %s);
            }
          }
        }
        """
            .formatted(radius));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path classes = Files.createDirectories(dir.resolve(version + "-classes"));
    int code =
        compiler.run(
            null,
            null,
            null,
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            source.toString());
    assertThat(code).isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      ConstraintSet set = (ConstraintSet) loader.loadClass("Own").getConstructor().newInstance();
      return of(Part.of("Own", Map.of(), set));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theCodeOfOnesOwnClassCounts() throws IOException {
    String first = compiled("a", "1.0");
    assertThat(compiled("b", "1.0")).as("the same code elsewhere").isEqualTo(first);
    assertThat(compiled("c", "2.0")).isNotEqualTo(first);
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
