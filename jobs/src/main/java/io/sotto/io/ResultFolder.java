package io.sotto.io;

import io.sotto.engine.Coordinator;
import io.sotto.report.Drawing;
import io.sotto.report.RunReport;
import io.sotto.result.Result;
import io.sotto.run.Output;
import io.sotto.run.Prepared;
import io.sotto.run.RowSource;
import io.sotto.run.RunRecord;
import io.sotto.run.Schema;
import io.sotto.run.Solution;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FSError;
import org.jspecify.annotations.Nullable;

/**
 * Writes a result into a folder: {@code solution.json}, {@code run.json}, tables and the report.
 */
public final class ResultFolder implements Output {
  /** A cautious guess of how many bytes are written in a second. */
  private static final double BYTES_PER_SECOND = 20e6;

  /** The same of how long Spark takes to write its first small tables. */
  private static final double MODEL_SECONDS = 3;

  private final OutputFolder folder;
  private final boolean perAgent;
  private final boolean drawn;
  private final Supplier<@Nullable Rejected> rejected;
  private final Supplier<@Nullable ModelFiles> model;
  private final Consumer<String> told;
  private @Nullable Schema schema;
  private @Nullable RunReport report;

  /**
   * The result of a problem of rows, with a report.
   *
   * @param folder to write into
   * @param perAgent whether files that name single agents are written
   * @param rejected the rows that were left out
   * @param told takes sentences about how many of them are written
   */
  public ResultFolder(
      OutputFolder folder,
      boolean perAgent,
      Supplier<@Nullable Rejected> rejected,
      Consumer<String> told) {
    this(folder, perAgent, true, rejected, () -> null, told);
  }

  /**
   * The result of any problem.
   *
   * @param folder to write into
   * @param perAgent whether files that name single agents are written
   * @param drawn whether report.html is written
   * @param rejected the rows that were left out
   * @param model the model of language that x is; null if it is none
   * @param told takes sentences about how many of them are written
   */
  public ResultFolder(
      OutputFolder folder,
      boolean perAgent,
      boolean drawn,
      Supplier<@Nullable Rejected> rejected,
      Supplier<@Nullable ModelFiles> model,
      Consumer<String> told) {
    this.folder = folder;
    this.perAgent = perAgent;
    this.drawn = drawn;
    this.rejected = rejected;
    this.model = model;
    this.told = told;
  }

  @Override
  public void open(Prepared prepared) throws Exception {
    if (prepared.costs().report().get(RowSource.INPUTS) instanceof List<?> inputs) {
      folder.spareInputs(
          inputs.stream().map(input -> String.valueOf(((Map<?, ?>) input).get("path"))).toList());
    }
    schema = prepared.costs().schema();
    folder.open();
  }

  @Override
  public double reserve(Prepared prepared) {
    int agents = prepared.plan().agents();
    long vectors = perAgent ? agents : 0;
    if (perAgent && hasDuals(prepared)) {
      vectors += prepared.plan().network().heard().length - agents;
    }
    double seconds = prepared.costs().schema() == null ? 0 : MODEL_SECONDS;
    return seconds + 8.0 * vectors * prepared.plan().dimension() / BYTES_PER_SECOND;
  }

  /** Whether links have duals: those of a tree have none. */
  private static boolean hasDuals(Prepared prepared) {
    return prepared.plan().perLink() && prepared.plan().parents().length == 0;
  }

  @Override
  public void tables(Coordinator cells, Prepared prepared, Result result) throws Exception {
    try {
      write(cells, prepared, result);
    } catch (IOException | RuntimeException | FSError e) {
      if (e instanceof RuntimeException && IoFailure.message(e) == null) {
        throw e;
      }
      throw folder.failed("cannot be written", e);
    }
  }

  private void write(Coordinator cells, Prepared prepared, Result result) throws IOException {
    ModelFiles files = model.get();
    if (files != null) {
      files.write(result.last().estimate(), folder);
    }
    if (perAgent) {
      Tables.writeEstimates(
          cells, prepared.costs(), result.last().mean(), folder.part("estimates"), folder.hadoop());
      if (hasDuals(prepared)) {
        Tables.writeLinks(cells, prepared.costs(), folder.part("links"), folder.hadoop());
      }
    }
    Tables.writeTrace(
        result.trace(), prepared.costs().agents(), folder.part("trace"), folder.hadoop());
    if (drawn) {
      report =
          new RunReport(prepared, result, perAgent ? Drawing.of(cells, prepared, result) : null);
    }
    Rejected rows = rejected.get();
    if (perAgent && rows != null && rows.count() > 0) {
      write(rows);
    }
  }

  private void write(Rejected rows) throws IOException {
    if (!rows.write(folder)) {
      told.accept(
          "The rows that were left out are counted in run.json and noted nowhere else: the file"
              + " system of output.path cannot keep others than the owner out of a folder.");
    } else if (rows.kept() < rows.count()) {
      told.accept(
          String.format(
              Locale.ROOT, "%,d of %,d rejected rows are written", rows.kept(), rows.count()));
    }
  }

  @Override
  public void publish(Solution solution, RunRecord record) throws Exception {
    folder.json(
        "solution.json",
        model.get() == null ? solution.toMap() : solution.toMap(ModelFiles.WEIGHTS));
    folder.json("run.json", record.map());
    if (schema != null && MllibModel.missing(solution) == null) {
      writeModel(solution, schema);
    }
    if (solution.summary() != null && solution.summary().holds()) {
      lines("summary.csv", solution.summary().csv());
      lines("covariance.csv", solution.summary().covarianceCsv());
    }
    RunReport made = report;
    if (made != null) {
      ReportFile.write(folder, () -> made.toMap(solution, record), told);
    }
    folder.publish();
  }

  private void writeModel(Solution solution, Schema rows) throws IOException {
    try {
      MllibModel.write(solution, !rows.sparse() && !rows.vectors(), folder);
    } catch (IOException | RuntimeException e) {
      if (e instanceof RuntimeException && IoFailure.message(e) == null) {
        throw e;
      }
      throw folder.failed("cannot be written", e);
    }
  }

  /** Writes a file of lines, if there are any. */
  @Override
  public void lines(String name, List<String> lines) throws IOException {
    if (!lines.isEmpty()) {
      folder.text(name, String.join("\n", lines) + "\n");
    }
  }
}
