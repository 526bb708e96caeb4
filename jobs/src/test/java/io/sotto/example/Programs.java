package io.sotto.example;

import io.sotto.engine.graphx.GraphxEngine;
import io.sotto.io.TableRows;
import io.sotto.problem.Ball;
import io.sotto.problem.Logistic;
import io.sotto.run.MemoryRows;
import io.sotto.run.Optimize;
import io.sotto.run.RowsProblem;
import io.sotto.run.RunResult;
import io.sotto.run.Solution;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Sotto called from a program. core/docs/PROGRAMS.md shows what stands between the marks. */
public final class Programs {
  private Programs() {}

  /** Rows in memory, on the threads of this process; no Spark. */
  public static Solution inMemory(
      List<String> features, String[] holders, double[][] rows, String[] labels) throws Exception {
    // [memory]
    RunResult result =
        Optimize.of(
                RowsProblem.of(MemoryRows.of(features, holders, rows, labels), new Logistic())
                    .l2(1e-3))
            .constraint(new Ball(2))
            .tolerance(1e-6)
            .run();
    Solution solution = result.solution();
    // [memory]
    return solution;
  }

  /** A table of Spark, whose partitions feed the cells; the session stays open. */
  public static Solution table(SparkSession spark, Dataset<Row> patients) throws Exception {
    // [table]
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    RunResult result =
        Optimize.of(
                RowsProblem.of(TableRows.of(patients, "hospital", "diagnosis"), new Logistic())
                    .l2(1e-3))
            .constraint(new Ball(2))
            .tolerance(1e-6)
            .cluster(new GraphxEngine(context))
            .run();
    Solution solution = result.solution();
    // [table]
    return solution;
  }
}
