package io.sotto.privacy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.privacy.judge.Leak;
import io.sotto.privacy.judge.Tables;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Hinge;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Logistic;
import io.sotto.problem.Loss;
import io.sotto.problem.Parameters;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Squared;
import io.sotto.problem.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What other people's protocols tell a server and a client. */
class ExchangedTest {
  private static final int[] ROWS = {20, 35, 50, 15};

  private static LocalObjective costs(Loss loss) {
    return Tables.random(ROWS, 4, loss, new Regularizer(0.1, 0), 7)
        .load(IntStream.range(0, ROWS.length).toArray());
  }

  private static double[] shares() {
    double all = Arrays.stream(ROWS).sum();
    return Arrays.stream(ROWS).mapToDouble(rows -> rows / all).toArray();
  }

  private static Protocol protocol(String name) {
    return Protocols.REGISTRY.make("--protocol", name, new Parameters("audit", Map.of()));
  }

  private static List<Exchanged> exchanged(String name, Loss loss) {
    return Exchanged.of(name, protocol(name), costs(loss), shares());
  }

  private static double median(@Nullable Leak leak) {
    return Objects.requireNonNull(leak).median();
  }

  @Test
  void reweightedLeastSquaresTellTheServerAll() {
    for (Loss loss : List.of(new Logistic(), new Squared())) {
      Exchanged server = exchanged("irls", loss).get(0);
      assertThat(server.adversary()).isEqualTo("server");
      assertThat(median(server.leak())).isEqualTo(1);
      assertThat(median(server.alongRun())).isEqualTo(1);
      assertThat(median(server.accuracyOnVictim())).isBetween(0.5, 1.0);
    }
  }

  @Test
  void reweightedLeastSquaresComeToTheOptimum() {
    LocalObjective costs = costs(new Logistic());
    Course course = protocol("irls").run(costs, shares());
    double[] sum = new double[costs.dimension()];
    double[] g = new double[sum.length];
    for (int i = 0; i < costs.agents(); i++) {
      costs.subgradient(i, 0, course.solution(), 0, g);
      Vectors.addScaled(1, g, 0, sum, 0, sum.length);
    }
    assertThat(Vectors.norm(sum)).isCloseTo(0, within(1e-9));
  }

  /** Five local steps blur it a little. */
  @Test
  void averagingTellsTheServerNearlyAll() {
    Exchanged server = exchanged("fedavg", new Logistic()).get(0);
    assertThat(median(server.leak())).as("%s", server).isGreaterThan(0.8);
    assertThat(median(server.accuracyOnVictim())).as("%s", server).isGreaterThan(0.7);
  }

  /** At the solution all gradients sum to 0, which the blind guess knows, too. */
  @Test
  void aClientLearnsNothingAtTheSolution() {
    for (String name : Protocols.REGISTRY.names()) {
      Exchanged client = exchanged(name, new Logistic()).get(1);
      assertThat(client.adversary()).isEqualTo("client");
      assertThat(median(client.leak())).as("%s", client).isLessThan(0.05);
      assertThat(client.accuracyOnVictim()).isNull();
    }
  }

  @Test
  void lossesThatDoNotGoWithItAreRefused() {
    assertThatThrownBy(() -> exchanged("irls", new Hinge()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("irls", "logistic", "Hinge");
    assertThatThrownBy(() -> exchanged("fedavg", new Hinge()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("fedavg", "smooth");
  }
}
