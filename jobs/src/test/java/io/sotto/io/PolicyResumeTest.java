package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Policy;
import io.sotto.model.Vocabulary;
import io.sotto.model.task.PromptSource;
import io.sotto.model.task.Reward;
import io.sotto.model.task.Script;
import io.sotto.model.task.Split;
import io.sotto.model.task.Sums;
import io.sotto.run.Costs;
import io.sotto.run.PolicyProblem;
import io.sotto.run.SavedRun;
import io.sotto.run.TaskPrompts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that learns from rewards goes on to the same bits after it was killed. */
class PolicyResumeTest {
  private static final List<String> SETTINGS =
      List.of("stop.tolerance=0", "stop.max-ticks=12", "stop.check-every=3");
  private static final Vocabulary VOCABULARY = Vocabulary.characters("0123456789+=<>[],".chars());
  private static final ModelShape SHAPE =
      new ModelShape(VOCABULARY.size(), 16, 1, 1, 2, 8, 16, 8, 4, 32, 1, 0, 0, 1, 1, 1, 24, 0);
  private static final int AGENTS = 3;

  @TempDir Path dir;

  /** With a start that is drawn, in place of that of an earlier result. */
  private static Costs costs(boolean named, int renew) throws IOException {
    Layout layout = new Layout(SHAPE);
    double[] drawn = new double[layout.dimension()];
    layout.start(1, drawn, 0);
    List<PromptSource.Kind> kinds =
        List.of(new PromptSource.Kind(new Sums(1, 10), Script.DIGITS, 1));
    Costs of =
        new PolicyProblem(
                new TaskPrompts(
                    List.of("a", "b", "c"),
                    IntStream.range(0, AGENTS)
                        .mapToObj(i -> new PromptSource(kinds, new Split(0.5), i, AGENTS))
                        .toList(),
                    "sums"),
                new Policy(
                    2,
                    4,
                    12,
                    1,
                    2,
                    0.5,
                    0.2,
                    0.5,
                    renew,
                    new Reward.Weights(1, 1, 1, 0),
                    true,
                    true,
                    1,
                    null,
                    5),
                SHAPE,
                VOCABULARY,
                named ? drawn : null)
            .look(warning -> {});
    return new Costs(
        of.agents(),
        of.shape(),
        of.shards(),
        of.nature(),
        of.work(),
        of.schema(),
        of.scaling(),
        of.sizes(),
        of.name(),
        of.digest(),
        of.words(),
        of.report(),
        of.scaler(),
        (seed, x, at) -> new Layout(SHAPE).start(seed, x, at));
  }

  private SmallRun run(boolean named, int renew, String... more) {
    List<String> all = new ArrayList<>(SETTINGS);
    all.addAll(List.of(more));
    return new SmallRun(dir, all).of(warnings -> costs(named, renew));
  }

  /** Killed there in the same way, and gone on with there and in threads. */
  @Test
  void isResumedToTheSameBitsOnSpark() throws Exception {
    String onSpark = "engine.name=graphx";
    try (JavaSparkContext spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("references")
                .set("spark.serializer", JavaSerializer.class.getName())
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"))) {
      List<String> bits = run(false, 5).on(spark).fresh().figures();
      for (String engine : List.of(onSpark, "engine.name=local")) {
        SmallRun killed =
            run(false, 5, onSpark).on(spark).every(4).interruptedWhen(SmallRun.killedAt(11));
        assertThatThrownBy(killed::run).isInstanceOf(SmallRun.Died.class);
        assertThat(killed.supersteps).as("ticks: after a renewal at 5").isBetween(5L, 7L);
        SmallRun resumed = run(false, 5, engine).on(spark);
        assertThat(resumed.figures()).as(engine).isEqualTo(bits);
        assertThat(resumed.resumed).extracting(SavedRun::tick).containsExactly(4L);
      }
    }
  }

  /** Killed between the renewal at tick 5 and the next checkpoint; another renewal is at 10. */
  @ParameterizedTest
  @CsvSource({"true, 0", "false, 0", "false, 5", "true, 5"})
  void isResumedToTheSameBits(boolean named, int renew) throws Exception {
    List<String> bits = run(named, renew).fresh().figures();
    assertThat(bits).anyMatch(line -> line.startsWith("measuresByAgent {\"a\":{\"reward\":"));
    assertThat(bits).anyMatch(line -> line.contains("liveGroups"));
    SmallRun killed = run(named, renew).every(4).interruptedWhen(SmallRun.killedAt(11));
    assertThatThrownBy(killed::run).isInstanceOf(SmallRun.Died.class);
    assertThat(killed.supersteps).as("ticks: after a renewal at 5").isBetween(5L, 7L);
    SmallRun resumed = run(named, renew);
    assertThat(resumed.figures()).isEqualTo(bits);
    assertThat(resumed.resumed).extracting(SavedRun::tick).containsExactly(4L);
    if (renew > 0) {
      assertThat(run(named, 0).fresh().figures()).as("it counts").isNotEqualTo(bits);
    }
  }
}
