package io.sotto.io;

import io.sotto.config.RejectedValues;
import io.sotto.config.RunConfig;
import io.sotto.config.ScoreSettings;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Loss;
import io.sotto.problem.Numbers;
import io.sotto.run.Predictor;
import io.sotto.run.Solution;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Applies a solution to files of rows: a task for each file reads it, row by row, and writes the
 * scores of its rows into a file of their own. No row comes to the driver.
 */
public final class ScoreRows {
  private static final String SCORES = "scores";

  private final RunConfig.Data data;
  private final Solution solution;
  private final JavaSparkContext spark;
  private final Configuration hadoop;

  /**
   * Reads nothing yet.
   *
   * @param data where the rows are; which columns are features is the solution's to say
   */
  public ScoreRows(RunConfig.Data data, Solution solution, JavaSparkContext spark) {
    this.data = data;
    this.solution = solution;
    this.spark = spark;
    this.hadoop = spark.hadoopConfiguration();
  }

  /**
   * What came of it.
   *
   * @param rows how many were scored
   * @param labelled how many of these have a label
   * @param leftOut how many could not be read
   * @param reasons why, with how many of each
   * @param missing those that were left out because a feature has no value
   * @param inputs URIs of the files
   * @param metrics how good predictions are, by name; none without labels
   */
  public record Scored(
      long rows,
      long labelled,
      long leftOut,
      Map<String, Long> reasons,
      MissingCounts missing,
      List<String> inputs,
      Map<String, ScoreMetrics.Value> metrics) {}

  /**
   * Writes the scores of all rows.
   *
   * @param folder of the output; scores come into a folder in it
   * @throws BadInputException if a file, column or row is not what it should be
   */
  public Scored write(OutputFolder folder, ScoreSettings.Format format) throws IOException {
    Predictor predictor = Predictor.of(solution);
    boolean sparse = data.format() == RunConfig.Format.LIBSVM;
    List<InputFile> files = InputFile.list("data.path", data.path(), hadoop);
    folder.spareInputs(files.stream().map(InputFile::uri).toList());
    String agent =
        data.agent()
            .filter(key -> !sparse || files.stream().allMatch(f -> f.keys().containsKey(key)))
            .orElse(null);
    String label = label();
    RowReader reader =
        sparse
            ? new LibsvmRows(agent)
            : NamedRows.of(
                data.format(),
                Columns.scored(agent, label, solution, data.choices()),
                files,
                hadoop,
                true,
                names -> new NumberFields(0));
    Plan plan =
        new Plan(
            predictor,
            kind(),
            agent != null,
            sparse || !label.isEmpty(),
            sparse ? base() : 0,
            format == ScoreSettings.Format.CSV,
            data.badRows() == RunConfig.BadRows.FAIL,
            data.rejectedValues() == RejectedValues.SHOWN);
    Writer writer = new Writer(plan, reader, folder.part(SCORES), hadoop);
    List<Integer> numbers = IntStream.range(0, files.size()).boxed().toList();
    JavaRDD<ScoredFile> scored =
        spark
            .parallelize(numbers, files.size())
            .map(number -> writer.write(number, files.get(number)))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Told> told = scored.map(Told::of).collect();
      Scored all = scored(files, told);
      new ParquetTable(folder.part(SCORES), hadoop).finish();
      return all.labelled() == 0
          ? all
          : new Scored(
              all.rows(),
              all.labelled(),
              all.leftOut(),
              all.reasons(),
              all.missing(),
              all.inputs(),
              new ScoreMetrics(scored, plan.predictor().kind(), solution.loss()).all());
    } finally {
      scored.unpersist();
    }
  }

  /** The column of labels; empty if there is none. What a formula computes is no column. */
  private String label() {
    return data.parsed()
        .map(formula -> formula.isLabelColumn() ? formula.label() : "")
        .or(data::label)
        .orElse("");
  }

  private Scored scored(List<InputFile> files, List<Told> told) {
    for (Told one : told) {
      if (one.refusal() != null) {
        throw new BadInputException(one.refusal());
      }
    }
    long rows = 0;
    long labelled = 0;
    long leftOut = 0;
    Map<String, Long> reasons = new TreeMap<>();
    MissingCounts missing = new MissingCounts();
    for (int f = 0; f < told.size(); f++) {
      Rejections rejections = told.get(f).rejections();
      if (data.badRows() == RunConfig.BadRows.FAIL) {
        rejections.requireNone(files.get(f), "or set data.bad-rows");
      }
      rows += told.get(f).rows();
      labelled += told.get(f).labelled();
      leftOut += rejections.count;
      missing.plus(told.get(f).missing());
      rejections.reasons.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
    }
    if (rows == 0) {
      throw new BadInputException(
          "data.path is '%s'; there is not one good row in it%s."
              .formatted(
                  data.path(), missing.rows() > 0 ? " that has a value in each column" : ""));
    }
    return new Scored(
        rows,
        labelled,
        leftOut,
        reasons,
        missing,
        files.stream().map(InputFile::uri).toList(),
        Map.of());
  }

  private Loss.Labels kind() {
    return switch (Predictor.of(solution).kind()) {
      case NUMBER -> Loss.Labels.REAL;
      case COUNT -> Loss.Labels.COUNT;
      case PROBABILITY, SIDE -> Loss.Labels.BINARY;
      case CLASSES -> Loss.Labels.CLASSES;
    };
  }

  /** The index of the first feature in files of libsvm. */
  private int base() {
    double first = Numbers.parse(solution.features().get(0));
    if (!(first == 0 || first == 1)) {
      throw new BadInputException(
          "data.format is libsvm, whose features are numbers, and the first feature of the solution is"
              + " '%s'. Score a file of the format that the solution was learnt from."
                  .formatted(solution.features().get(0)));
    }
    return (int) first;
  }

  /**
   * What every task must know.
   *
   * @param base the index of the first feature in files of libsvm
   * @param flat whether probabilities have a column each
   * @param stopAtFirstFault whether a row that cannot be read ends it
   * @param shown whether what stands in such rows may be told
   */
  record Plan(
      Predictor predictor,
      Loss.Labels labels,
      boolean hasAgent,
      boolean hasLabel,
      int base,
      boolean flat,
      boolean stopAtFirstFault,
      boolean shown)
      implements Serializable {

    /** What is wrong with a label; null if nothing is. */
    @Nullable Fault fault(String text) {
      String reason = LabelCode.fault(labels, text);
      if (reason == null && !predictor.labels().isEmpty() && !code().has(text)) {
        reason = "the label is none of those of the solution";
      }
      return reason == null ? null : new Fault(reason, text);
    }

    double encode(String text) {
      return code().encode(text);
    }

    private LabelCode code() {
      return new LabelCode(labels, predictor.labels());
    }

    void addProbabilities(double[] p, List<Object> row) {
      if (flat) {
        for (double one : p) {
          row.add(one);
        }
      } else {
        row.add(p);
      }
    }

    /** The columns of scores, as {@link ParquetTable} has them. */
    List<String> columns() {
      List<String> columns =
          new ArrayList<>(List.of(ParquetTable.text("file"), ParquetTable.count("line")));
      if (hasAgent) {
        columns.add(ParquetTable.text("agent"));
      }
      if (hasLabel) {
        columns.add(ParquetTable.text("label"));
      }
      boolean number =
          predictor.kind() == Predictor.Kind.NUMBER || predictor.kind() == Predictor.Kind.COUNT;
      columns.add(number ? ParquetTable.number("prediction") : ParquetTable.text("prediction"));
      switch (predictor.kind()) {
        case PROBABILITY -> columns.add(ParquetTable.number("probability"));
        case SIDE -> columns.add(ParquetTable.number("score"));
        case CLASSES -> columns.add(ParquetTable.numbers("probability"));
        default -> {
          // a number says all there is
        }
      }
      return columns;
    }

    /** Their names in csv, where each class has a column. */
    List<String> names() {
      List<String> names =
          columns().stream()
              .map(column -> column.split(" ", -1)[2].replace(";", ""))
              .collect(Collectors.toCollection(ArrayList::new));
      if (predictor.kind() == Predictor.Kind.CLASSES) {
        names.remove(names.size() - 1);
        predictor.labels().forEach(label -> names.add("probability " + label));
      }
      return names;
    }
  }

  /** What the driver is told of a file. */
  private record Told(
      long rows,
      long labelled,
      @Nullable String refusal,
      MissingCounts missing,
      Rejections rejections)
      implements Serializable {
    static Told of(ScoredFile file) {
      return new Told(file.rows, file.labelled(), file.refusal, file.missing, file.rejections);
    }
  }

  /** Reads files and writes their scores, in a task. */
  private record Writer(
      Plan plan, RowReader reader, String folder, SerializableConfiguration hadoop)
      implements Serializable {

    Writer(Plan plan, RowReader reader, String folder, Configuration hadoop) {
      this(plan, reader, folder, new SerializableConfiguration(hadoop));
    }

    ScoredFile write(int number, InputFile file) throws IOException {
      try (RowSink out = sink(number)) {
        ScoredFile scored = new ScoredFile(file, plan, out);
        try {
          reader.read(file, hadoop.value(), scored);
        } catch (BadInputException e) {
          // told as a value: thrown in a task, it would be tried again and logged as a failure
          scored.refusal = e.getMessage();
        } catch (IOException | UncheckedIOException e) {
          if (scored.unwritten != null) {
            throw scored.unwritten;
          }
          scored.refusal = IoFailure.input(file.uri() + " cannot be read", e).getMessage();
        }
        scored.close();
        if (scored.refusal == null) {
          out.complete();
        }
        return scored;
      } catch (FSError e) { // Hadoop's word for a full disk
        throw new IOException(e);
      }
    }

    private RowSink sink(int number) throws IOException {
      return plan.flat()
          ? new CsvTable(folder, hadoop.value(), plan.names()).part(number)
          : new ParquetTable(folder, hadoop.value(), plan.columns().toArray(String[]::new))
              .part(number);
    }
  }
}
