package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import io.sotto.result.Measured;
import io.sotto.result.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why a run by rewards ends: no prompt teaches anything for 50 ticks, or a limit. */
class RewardsTest {

  /** A measurement at each tenth tick. */
  private static Trace trace(double accuracy, double... live) {
    List<Trace.Point> points = new ArrayList<>();
    for (int k = 0; k < live.length; k++) {
      Measured measured =
          new Measured(
              List.of("accuracy", "liveGroups"), List.of(accuracy, live[k]), List.of(List.of()));
      points.add(new Trace.Point(10L * k, k, 0, 0, 0, 0, 0, measured, 0, 0));
    }
    return Trace.of(points);
  }

  @Test
  void fiftyTicksFromTheBeginningAreWrongInput() {
    assertThat(Rewards.ended(trace(0, 0, 0, 0, 0, 0))).isNull();
    assertThat(Rewards.ended(trace(0, 0, 0, 0, 0, 0, 0.1))).isNull();
    assertThatThrownBy(() -> Rewards.ended(trace(0, 0, 0, 0, 0, 0, 0)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("tasks.kinds, data.path: at each measurement from tick 0 to tick 50 ")
        .hasMessageContaining("0.0 % are right and 100.0 % wrong. The base is too weak");
    assertThatThrownBy(() -> Rewards.ended(trace(1, 0, 0, 0, 0, 0, 0)))
        .hasMessageContaining("100.0 % are right and 0.0 % wrong. The task is too easy");
    assertThatThrownBy(() -> Rewards.ended(trace(0.3, 0, 0, 0, 0, 0, 0)))
        .hasMessageContaining("Some prompts are always answered right");
  }

  /** What was learnt before is a result. */
  @Test
  void fiftyTicksAtTheEndEndTheRun() {
    assertThat(Rewards.ended(trace(1, 0.5, 0, 0, 0, 0, 0))).isNull();
    assertThat(Rewards.ended(trace(1, 0, 0.5, 0, 0, 0, 0, 0, 0)))
        .startsWith("at each measurement from tick 20 to tick 70 ")
        .contains("The task is too easy");
  }

  @Test
  void whatALimitEndsSaysHowFarItGot() {
    List<Trace.Point> points = new ArrayList<>();
    double[] rewards = {0.5, 1.25, 1.5, 1.75};
    for (int k = 0; k < rewards.length; k++) {
      Measured measured =
          new Measured(
              List.of("reward", "accuracy", "liveGroups"),
              List.of(rewards[k], rewards[k] / 2, 0.375),
              List.of(List.of(), List.of(), List.of()));
      points.add(new Trace.Point(10L * k, k, -rewards[k], 0, 0, 0, 0, measured, 0, 0));
    }
    assertThat(Rewards.unfinished("stop.max-ticks was reached", Trace.of(points)))
        .startsWith(
            "stop.max-ticks was reached; the mean reward of responses to held-out prompts is")
        .contains("is 1.750, was 0.5000 at the start and at most 1.250 up to half the ticks")
        .contains(
            "87.5 % of them are right (25.0 % at the start), and 37.5 % of prompts still teach")
        .doesNotContain("F ");
  }

  @Test
  void costsWithoutRewardsGoOn() {
    Trace.Point point = new Trace.Point(0, 0, 0, 0, 0, 0, 0, Measured.NONE, 0, 0);
    Trace.Point later = new Trace.Point(90, 9, 0, 0, 0, 0, 0, Measured.NONE, 0, 0);
    assertThat(Rewards.ended(Trace.of(List.of(point, later)))).isNull();
    assertThat(Rewards.unfinished("a limit", Trace.of(List.of(point, later)))).isNull();
  }
}
