package io.sotto.io;

import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellLinks;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import io.sotto.problem.Vectors;
import io.sotto.result.Trace;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The tables of a result, as Parquet. */
public final class Tables {
  private Tables() {}

  /**
   * Writes {@code estimates/}: agent, estimate and intercept in original units (of several
   * predictions: the estimates one after the other, an array of intercepts), updates, distance from
   * the mean relative to max(1, |mean|), the agent's cell. Written by those who hold the estimates.
   */
  public static void writeEstimates(
      SparkSession spark,
      JavaRDD<CellEstimates> cells,
      List<String> agents,
      Standardization units,
      Objective.Shape shape,
      double[] mean,
      String path) {
    StructType schema =
        new StructType()
            .add("agent", DataTypes.StringType, false)
            .add("estimate", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
            .add(
                "intercept",
                shape.outputs() == 1
                    ? DataTypes.DoubleType
                    : DataTypes.createArrayType(DataTypes.DoubleType, false),
                false)
            .add("updates", DataTypes.LongType, false)
            .add("distance", DataTypes.DoubleType, false)
            .add("cell", DataTypes.IntegerType, false);
    spark
        .createDataFrame(cells.flatMap(cell -> rows(cell, agents, units, shape, mean)), schema)
        .write()
        .parquet(path);
  }

  private static Iterator<Row> rows(
      CellEstimates cell,
      List<String> agents,
      Standardization units,
      Objective.Shape shape,
      double[] mean) {
    double scale = Math.max(1, Vectors.norm(mean));
    int d = cell.dimension();
    return IntStream.range(0, cell.agents().length)
        .mapToObj(
            i -> {
              double[] x = Arrays.copyOfRange(cell.estimates(), i * d, (i + 1) * d);
              double[] intercepts = units.intercepts(x, shape);
              return RowFactory.create(
                  agents.get(cell.agents()[i]),
                  units.coefficients(x, shape),
                  shape.outputs() == 1 ? (Object) intercepts[0] : intercepts,
                  (long) cell.updates()[i],
                  Vectors.distance(x, mean) / scale,
                  cell.cell());
            })
        .iterator();
  }

  /**
   * Writes {@code links/}: agent, neighbour, and the dual of the link between them, of coefficients
   * and of intercepts, in original units. Written by those who hold the links.
   */
  public static void writeLinks(
      SparkSession spark,
      JavaRDD<CellLinks> cells,
      List<String> agents,
      Standardization units,
      Objective.Shape shape,
      String path) {
    StructType schema =
        new StructType()
            .add("agent", DataTypes.StringType, false)
            .add("neighbour", DataTypes.StringType, false)
            .add("dual", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
            .add("intercept", DataTypes.createArrayType(DataTypes.DoubleType, false), false);
    spark
        .createDataFrame(
            cells.flatMap(
                cell ->
                    IntStream.range(0, cell.agents().length)
                        .boxed()
                        .flatMap(i -> rows(cell, i, agents, units, shape))
                        .iterator()),
            schema)
        .write()
        .parquet(path);
  }

  private static Stream<Row> rows(
      CellLinks cell, int i, List<String> agents, Standardization units, Objective.Shape shape) {
    int d = cell.dimension();
    return IntStream.range(cell.offset()[i], cell.offset()[i + 1])
        .mapToObj(
            link -> {
              double[] dual = Arrays.copyOfRange(cell.duals(), link * d, (link + 1) * d);
              units.originalDual(dual, 0, shape);
              return RowFactory.create(
                  agents.get(cell.agents()[i]),
                  agents.get(cell.neighbours()[link]),
                  Arrays.copyOf(dual, shape.coefficients()),
                  Arrays.copyOfRange(dual, shape.coefficients(), d));
            });
  }

  /** Writes {@code trace/}; the held-out loss only where there is one. */
  public static void writeTrace(SparkSession spark, Trace trace, String path) {
    List<Trace.Point> points = trace.points();
    boolean heldOut = points.stream().anyMatch(p -> !Double.isNaN(p.heldOutLoss()));
    StructType schema =
        new StructType()
            .add("tick", DataTypes.LongType, false)
            .add("superstep", DataTypes.LongType, false)
            .add("objective", DataTypes.DoubleType, false)
            .add("disagreement", DataTypes.DoubleType, false)
            .add("infeasibility", DataTypes.DoubleType, false)
            .add("active", DataTypes.IntegerType, false)
            .add("elapsedSeconds", DataTypes.DoubleType, false);
    List<Row> rows =
        points.stream()
            .map(
                p ->
                    Stream.of(
                        p.tick(),
                        p.superstep(),
                        p.objective(),
                        p.disagreement(),
                        p.infeasibility(),
                        p.active(),
                        p.elapsedSeconds(),
                        p.heldOutLoss()))
            .map(columns -> RowFactory.create(columns.limit(heldOut ? 8 : 7).toArray()))
            .toList();
    spark
        .createDataFrame(
            rows, heldOut ? schema.add("heldOutLoss", DataTypes.DoubleType, false) : schema)
        .coalesce(1)
        .write()
        .parquet(path);
  }
}
