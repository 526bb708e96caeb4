package io.sotto.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellReport;
import io.sotto.engine.Coordinator;
import io.sotto.engine.LocalCoordinator;
import io.sotto.engine.Plan;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** The baseline computes what Sotto computes. */
class TextbookTest {

  @Test
  void textbookLoopIsTheSameMethod() throws Exception {
    int ticks = 30; // beyond a checkpoint
    Plan plan =
        Problems.plan(
            Problems.network("regular", 40), new GaussianRows(40, 3, 7, Problems.SEED), 2, 1);
    try (JavaSparkContext spark = SparkLocal.open(2);
        Textbook textbook = new Textbook(spark, plan);
        Coordinator carrier = new LocalCoordinator(plan, 1);
        Supersteps sotto = new Supersteps(plan, carrier)) {
      textbook.millis(ticks);
      sotto.millis(ticks);
      double[][] estimates = textbook.estimates();
      double largest = 0;
      for (CellEstimates cell : carrier.ask(CellReport.estimates(), null)) {
        for (int i = 0; i < cell.agents().length; i++) {
          for (int j = 0; j < 7; j++) {
            double expected = cell.estimates()[i * 7 + j];
            largest = Math.max(largest, Math.abs(expected));
            assertThat(estimates[cell.agents()[i]][j])
                .as("agent %d, coordinate %d, seed %d", cell.agents()[i], j, Problems.SEED)
                .isCloseTo(expected, within(1e-9));
          }
        }
      }
      assertThat(largest).as("estimates have left 0").isGreaterThan(0.1);
    }
  }
}
