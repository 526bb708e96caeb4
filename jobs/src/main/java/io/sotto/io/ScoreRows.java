package io.sotto.io;

import io.sotto.config.RejectedValues;
import io.sotto.config.RunConfig;
import io.sotto.config.ScoreSettings;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Disclosure;
import io.sotto.problem.Loss;
import io.sotto.problem.Numbers;
import io.sotto.run.Predictor;
import io.sotto.run.Solution;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * Applies a solution to rows: a task for each file, or each partition of a table, reads it, row by
 * row, and writes the scores of its rows into a file of their own. No row comes to the driver.
 */
public final class ScoreRows {
  private static final String SCORES = "scores";

  /** What the name of a slot has behind that of its vector. */
  private static final Pattern SLOT = Pattern.compile("\\[\\d+]$");

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
   * @param inputs URIs of the files, or what table it was
   * @param withheld why nothing is told of how good predictions are, though rows have labels; empty
   *     if it is
   * @param figures how good predictions are; none without labels
   */
  public record Scored(
      long rows,
      long labelled,
      long leftOut,
      Map<String, Long> reasons,
      MissingCounts missing,
      List<Object> inputs,
      String withheld,
      ScoreMetrics.Figures figures) {

    private Scored with(ScoreMetrics.Figures made) {
      return new Scored(rows, labelled, leftOut, reasons, missing, inputs, withheld, made);
    }
  }

  /**
   * Writes the scores of all rows.
   *
   * @param folder of the output; scores come into a folder in it
   * @throws BadInputException if a file, column or row is not what it should be
   */
  public Scored write(OutputFolder folder, ScoreSettings.Format format) throws IOException {
    Predictor predictor = Predictor.of(solution);
    ScoreSource source = source();
    folder.spareInputs(source.paths());
    boolean sparse = data.format() == RunConfig.Format.LIBSVM;
    ScorePlan plan =
        new ScorePlan(
            predictor,
            kind(),
            source.places(),
            source.hasAgent(),
            sparse || !label().isEmpty(),
            sparse ? base() : 0,
            format == ScoreSettings.Format.CSV,
            data.badRows() == RunConfig.BadRows.FAIL,
            data.rejectedValues() == RejectedValues.SHOWN);
    ScoreWriter writer = new ScoreWriter(plan, folder.part(SCORES), hadoop);
    JavaRDD<ScoredFile> scored =
        source.scored(writer, spark).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Told> told = scored.map(Told::of).collect();
      Scored all = scored(source, told);
      new ParquetTable(folder.part(SCORES), hadoop).finish();
      return all.labelled() == 0 || !all.withheld().isEmpty()
          ? all
          : all.with(new ScoreMetrics(scored, predictor.kind(), solution.loss(), rules()).all());
    } finally {
      scored.unpersist();
    }
  }

  private Disclosure rules() {
    return data.disclosure();
  }

  private ScoreSource source() throws IOException {
    Columns columns = Columns.scored(data.agent().orElse(null), label(), solution, data.choices());
    requireAllowed(columns);
    if (data.format() == RunConfig.Format.TABLE) {
      return ScoreTable.of(data, columns, spark);
    }
    List<InputFile> files = InputFile.list("data.path", data.path(), hadoop);
    if (data.format() == RunConfig.Format.LIBSVM) {
      String agent =
          data.agent()
              .filter(key -> files.stream().allMatch(f -> f.keys().containsKey(key)))
              .orElse(null);
      return new ScoreSource.Files(files, new LibsvmRows(agent), agent != null);
    }
    RowReader reader =
        NamedRows.of(data.format(), columns, files, hadoop, true, names -> new NumberFields(0));
    return new ScoreSource.Files(files, reader, data.agent().isPresent());
  }

  /** Refuses a solution over columns that custodians do not let be used. */
  private void requireAllowed(Columns columns) {
    Stream.concat(
            columns.features().stream(),
            Stream.of(columns.label(), Objects.requireNonNullElse(columns.offset(), "")))
        .filter(name -> !name.isEmpty())
        .filter(name -> !rules().allows(name) && !rules().allows(SLOT.matcher(name).replaceAll("")))
        .findFirst()
        .ifPresent(
            name -> {
              throw new BadInputException(
                  "disclosure.columns refuses the column '%s', which the solution or its labels need: score a solution of other columns, or have it added there."
                      .formatted(name));
            });
  }

  /** The column of labels; empty if there is none. What a formula computes is no column. */
  private String label() {
    return data.parsed()
        .map(formula -> formula.isLabelColumn() ? formula.label() : "")
        .or(data::label)
        .orElse("");
  }

  private Scored scored(ScoreSource source, List<Told> told) {
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
    long[] ofClass = new long[solution.labels().size()];
    for (int f = 0; f < told.size(); f++) {
      Rejections rejections = told.get(f).rejections();
      if (data.badRows() == RunConfig.BadRows.FAIL) {
        source.requireGood(f, rejections, told.get(f).firstBad());
      }
      long[] own = told.get(f).ofClass();
      Arrays.setAll(ofClass, k -> ofClass[k] + own[k]);
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
        source.inputs(),
        withheld(labelled, ofClass),
        ScoreMetrics.Figures.NONE);
  }

  /** Why no figures are made of so few labels; empty if they are. */
  private String withheld(long labelled, long[] ofClass) {
    if (labelled > 0 && labelled < rules().minRows()) {
      return "fewer than %d rows have labels (disclosure.min-rows)".formatted(rules().minRows());
    }
    return LongStream.of(ofClass).anyMatch(rules()::hides)
        ? "fewer than %d rows have one of the labels (disclosure.min-cell)"
            .formatted(rules().minCell())
        : "";
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

  /** What the driver is told of a part. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Told(
      long rows,
      long labelled,
      @Nullable String refusal,
      MissingCounts missing,
      Rejections rejections,
      List<Object> firstBad,
      long[] ofClass)
      implements Serializable {
    static Told of(ScoredFile file) {
      return new Told(
          file.rows,
          file.labelled(),
          file.refusal,
          file.missing,
          file.rejections,
          file.firstBad,
          file.ofClass);
    }
  }
}
