package io.sotto.io;

import static io.sotto.io.ParquetTable.count;
import static io.sotto.io.ParquetTable.number;
import static io.sotto.io.ParquetTable.numbers;
import static io.sotto.io.ParquetTable.text;
import static io.sotto.io.ParquetTable.whole;

import io.sotto.engine.CellEstimates;
import io.sotto.engine.CellLinks;
import io.sotto.engine.CellReport;
import io.sotto.engine.Coordinator;
import io.sotto.engine.Request;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import io.sotto.problem.Vectors;
import io.sotto.result.Trace;
import io.sotto.run.Costs;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.jspecify.annotations.Nullable;

/** The tables of a result, as Parquet. Those of agents have a file for each cell. */
public final class Tables {
  /** As many as {@code spark.task.maxFailures} is by default. */
  private static final int TRIES = 4;

  private Tables() {}

  /**
   * Writes {@code estimates/}: agent, estimate and intercept in original units (of several
   * predictions: the estimates one after the other, an array of intercepts), updates, distance from
   * the mean relative to max(1, |mean|), the agent's cell. Each cell writes its own file.
   */
  public static void writeEstimates(
      Coordinator cells, Costs costs, double[] mean, String path, Configuration hadoop)
      throws IOException {
    List<String> agents = costs.agents();
    Standardization units = costs.units();
    Objective.Shape shape = costs.shape();
    ParquetTable table =
        new ParquetTable(
            path,
            hadoop,
            text("agent"),
            numbers("estimate"),
            shape.outputs() == 1 ? number("intercept") : numbers("intercept"),
            count("updates"),
            number("distance"),
            whole("cell"));
    write(
        cells,
        (cell, lanes) -> {
          CellEstimates some = CellReport.estimates().of(cell, lanes);
          return write(table, some.cell(), rows(some, agents, units, shape, mean));
        });
    table.finish();
  }

  private static Iterator<Object[]> rows(
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
              return new Object[] {
                agents.get(cell.agents()[i]),
                units.coefficients(x, shape),
                shape.outputs() == 1 ? (Object) intercepts[0] : intercepts,
                (long) cell.updates()[i],
                Vectors.distance(x, mean) / scale,
                cell.cell()
              };
            })
        .iterator();
  }

  /**
   * Writes {@code links/}: agent, neighbour, and the dual of the link between them, of coefficients
   * and of intercepts, in original units. Each cell writes its own file.
   */
  public static void writeLinks(Coordinator cells, Costs costs, String path, Configuration hadoop)
      throws IOException {
    List<String> agents = costs.agents();
    Standardization units = costs.units();
    Objective.Shape shape = costs.shape();
    ParquetTable table =
        new ParquetTable(
            path, hadoop, text("agent"), text("neighbour"), numbers("dual"), numbers("intercept"));
    write(
        cells,
        (cell, lanes) -> {
          CellLinks some = CellReport.links().of(cell, lanes);
          Iterator<Object[]> rows =
              IntStream.range(0, some.agents().length)
                  .boxed()
                  .flatMap(i -> rows(some, i, agents, units, shape))
                  .iterator();
          return write(table, some.cell(), rows);
        });
    table.finish();
  }

  private static Stream<Object[]> rows(
      CellLinks cell, int i, List<String> agents, Standardization units, Objective.Shape shape) {
    int d = cell.dimension();
    return IntStream.range(cell.offset()[i], cell.offset()[i + 1])
        .mapToObj(
            link -> {
              double[] dual = Arrays.copyOfRange(cell.duals(), link * d, (link + 1) * d);
              units.originalDual(dual, 0, shape);
              return new Object[] {
                agents.get(cell.agents()[i]),
                agents.get(cell.neighbours()[link]),
                Arrays.copyOf(dual, shape.coefficients()),
                Arrays.copyOfRange(dual, shape.coefficients(), d)
              };
            });
  }

  /**
   * Has every cell write its part of a table. A cell answers with its failure and does not throw
   * it, because Spark would log a stack trace for each task that throws. If some cell fails, all
   * are asked again, as often as Spark would run a task again.
   *
   * @throws IOException if a cell fails each time; the last failure is its cause
   */
  static void write(Coordinator cells, Request<Outcome> part) throws IOException {
    Throwable failure = null;
    for (int tries = 0; tries < TRIES; tries++) {
      failure =
          cells.ask(part, null).stream()
              .map(Outcome::failure)
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(null);
      if (failure == null) {
        return;
      }
    }
    throw new IOException(failure);
  }

  /** Writes the part of one cell, in the process that holds the cell. */
  private static Outcome write(ParquetTable table, int cell, Iterator<Object[]> rows) {
    try {
      table.write(cell, rows);
      return new Outcome(null);
    } catch (IOException | FSError e) { // an FSError is Hadoop's word for a full disk
      return new Outcome(e);
    } catch (RuntimeException e) {
      if (IoFailure.message(e) == null) {
        throw e;
      }
      return new Outcome(e);
    }
  }

  /**
   * How a cell's part was written.
   *
   * @param failure why it could not be written; null if it was
   */
  record Outcome(@Nullable Throwable failure) implements Serializable {}

  /** A name without what ends the name of a column; such characters as URIs have them. */
  static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    for (char c : name.toCharArray()) {
      escaped.append(" ;,{}()=%\t\n\r".indexOf(c) < 0 ? c : String.format("%%%02X", (int) c));
    }
    return escaped.toString();
  }

  private static void putMeasured(
      Map<String, Function<Trace.Point, Object>> columns,
      List<Trace.Point> points,
      String name,
      List<String> agents) {
    columns.put(number(escaped(name)), p -> p.measured().of(name));
    for (int i = 0; i < agents.size(); i++) {
      int agent = i;
      if (points.stream().anyMatch(p -> !Double.isNaN(p.measured().of(name, agent)))) {
        columns.put(
            number(escaped(name) + "_" + escaped(agents.get(i))),
            p -> p.measured().of(name, agent));
      }
    }
  }

  /**
   * Writes {@code trace/}; objective and what agents measure beside it only where there are such.
   */
  public static void writeTrace(Trace trace, List<String> agents, String path, Configuration hadoop)
      throws IOException {
    List<Trace.Point> points = trace.points();
    Map<String, Function<Trace.Point, Object>> columns = new LinkedHashMap<>();
    columns.put(count("tick"), Trace.Point::tick);
    columns.put(count("superstep"), Trace.Point::superstep);
    if (points.stream().anyMatch(p -> !Double.isNaN(p.objective()))) {
      columns.put(number("objective"), Trace.Point::objective);
    }
    columns.put(number("disagreement"), Trace.Point::disagreement);
    columns.put(number("infeasibility"), Trace.Point::infeasibility);
    columns.put(whole("active"), Trace.Point::active);
    columns.put(number("elapsedSeconds"), Trace.Point::elapsedSeconds);
    points.stream()
        .flatMap(p -> p.measured().names().stream())
        .distinct()
        .forEach(name -> putMeasured(columns, points, name, agents));
    ParquetTable table = new ParquetTable(path, hadoop, columns.keySet().toArray(String[]::new));
    table.write(
        0,
        points.stream()
            .map(p -> columns.values().stream().map(column -> column.apply(p)).toArray())
            .iterator());
    table.finish();
  }
}
