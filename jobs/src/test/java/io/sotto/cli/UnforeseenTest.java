package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.problem.Loss;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fault in a program is told in a line, and its stack trace stands in a file that is named. */
class UnforeseenTest {
  private static final Pattern STORY = Pattern.compile("The whole story is in (\\S+)\\.");

  @TempDir Path dir;

  /** A loss with a fault. */
  public static final class Faulty implements Loss {
    @Override
    public double value(double z, double y) {
      throw new IllegalStateException("forgot to think");
    }

    @Override
    public double derivative(double z, double y) {
      throw new IllegalStateException("forgot to think");
    }

    @Override
    public Labels labels() {
      return Labels.REAL;
    }

    @Override
    public boolean smooth() {
      return true;
    }

    @Override
    public double curvature(double y) {
      return 1;
    }
  }

  @Test
  void namesTheFile() throws Exception {
    Path conf =
        Cli.write(
            dir.resolve("faulty.conf"),
            """
            data { path = "%s", label = radius_mean, agent = hospital }
            problem.loss = "%s"
            output.path = "%s/out"
            """
                .formatted(Cli.HOSPITALS, Faulty.class.getName(), dir));
    Cli.Outcome outcome = Cli.optimize(conf);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.err()).contains("did not foresee", "forgot to think");
    assertThat(outcome.err()).doesNotContain("\tat ");
    Matcher story = STORY.matcher(outcome.err());
    assertThat(story.find()).isTrue();
    assertThat(Files.readString(Path.of(story.group(1))))
        .contains("\tat " + Faulty.class.getName());
    assertThat(dir.resolve("out")).doesNotExist();
  }

  @Test
  void refusesAnotherSpark() {
    assertThat(Version.complaint(Version.spark())).isNull();
    assertThat(Version.complaint("3.4.1")).contains("Spark 3.4.1", ".x", "SPARK_HOME");
    assertThat(Version.complaint("4.20.0")).isNotNull();
  }
}
