package io.sotto.io;

import io.sotto.config.RejectedValues;
import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Objective;
import io.sotto.problem.Standardization;
import io.sotto.run.RowSource;
import io.sotto.run.RunDigest;
import io.sotto.run.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** The rows of {@code data { ... }}: files that are scanned once, by a task for each. */
public final class FileRows implements RowSource {
  private static final int MOST_SORTED = Integer.MAX_VALUE - 8;

  private final RunConfig.Data config;
  private final boolean shown;
  private final JavaSparkContext spark;
  private final Configuration hadoop;
  private @Nullable Rejected rejected;

  /**
   * @param config what to read
   * @param spark where the files are scanned
   */
  public FileRows(RunConfig.Data config, JavaSparkContext spark) {
    this.config = config;
    this.shown = config.rejectedValues() == RejectedValues.SHOWN;
    this.spark = spark;
    this.hadoop = spark.hadoopConfiguration();
  }

  /** The rows that the last scan left out; null before one. */
  public @Nullable Rejected rejected() {
    return rejected;
  }

  @Override
  public ScannedRows scan(
      Objective objective, Map<String, Double> classWeights, Consumer<String> warnings)
      throws IOException {
    List<InputFile> files = InputFile.list("data.path", config.path(), hadoop);
    boolean sparse = config.format() == RunConfig.Format.LIBSVM;
    DesignedRows all = sparse ? null : designed(files);
    String offset = all == null ? null : all.offset();
    RowWeights rowWeights = new RowWeights(config.weight().orElse(null), offset, classWeights);
    RowReader scanner = all == null ? new LibsvmRows(config.agent().orElse(null)) : all.reader();
    List<Scan> scans = scanAll(files, scanner, objective, rowWeights);
    for (Scan scan : scans) {
      if (scan.refusal != null) {
        throw new BadInputException(scan.refusal);
      }
    }
    if (config.badRows() == RunConfig.BadRows.FAIL) {
      requireNone(scans);
    }
    ScanSums sums = new ScanSums(scans);
    long rows = sums.rows();
    if (rows == 0) {
      throw new BadInputException(
          "data.path is '%s'; there is not one good row in it%s."
              .formatted(
                  config.path(),
                  scans.stream().anyMatch(scan -> scan.missing.rows() > 0)
                      ? " that has a value in each column"
                      : ""));
    }
    LabelCode labels = LabelCode.of(objective.labels(), sums.classes(), config.positive(), shown);
    rowWeights.requireKnown(labels);
    Deal deal =
        config.deal().isPresent() ? deal(config.deal().get(), scans, rows, scanner, labels) : null;
    List<String> agents =
        config.deal().isPresent() ? new Names(config.deal().get().agents()) : sums.agents();
    int[] rowsOf = deal == null ? sums.rowsOf(agents) : rowsOf(agents.size(), rows, deal);
    int base = sparse ? LibsvmRows.base(config, scans) : 0;
    double[][] scanned =
        sums.moments(
            base,
            all == null
                ? LibsvmRows.features(config, scans, base).size()
                : all.design().names().size());
    DesignedRows designed = all == null ? null : all.occupied(scanned, warnings);
    RowReader reader = designed == null ? scanner : designed.reader();
    List<String> features =
        designed == null ? LibsvmRows.features(config, scans, base) : designed.design().names();
    if (config.features().isEmpty() && config.formula().isEmpty()) {
      sums.warnOfNumbered(features, warnings);
    }
    sums.warnOfFlags(warnings);
    double weight = sums.weight();
    double[][] moments =
        all == null || designed == null ? scanned : designed.left(scanned, all.design());
    Standardization units =
        config.standardize()
            ? Standardization.of(moments[0], moments[1], config.intercept())
            : config.units().isPresent()
                ? UnitsFile.read(config.units().get(), features, config.intercept(), hadoop)
                : Standardization.none(features.size());
    MissingCounts missing = new MissingCounts();
    scans.forEach(scan -> missing.plus(scan.missing));
    Set<String> holders = config.deal().isPresent() ? Set.of() : new HashSet<>(agents);
    Rejected leftOut =
        Rejected.of(
            scans.stream().map(s -> s.rejections).toList(), holders, shown, config.disclosure());
    rejected = leftOut;
    if (leftOut.count() > 0) {
      warnings.accept("%s rows were left out: %s".formatted(leftOut.countWords(), leftOut.words()));
    }
    StoredRows stored =
        new StoredRows(
            parts(scans, agents),
            reader,
            sparse,
            base,
            deal,
            rowWeights,
            weight,
            config.intercept(),
            labels,
            units);
    long entries = sums.entries();
    int numberBytes = sparse ? 12 : 8; // with an index if sparse
    return new ScannedRows(
        agents,
        rowsOf,
        weight,
        entries,
        entries * numberBytes + rows * (numberBytes + 8L * rowWeights.numbers()),
        new Schema(
            features,
            config.intercept(),
            sparse,
            reader instanceof ParquetRows parquet && parquet.hasSlots(features),
            objective.shape(features.size(), labels.classes().size(), config.intercept()),
            labels,
            units,
            config.standardize(),
            rowWeights.weight(),
            rowWeights.offset(),
            designed == null
                ? new LibsvmRows(config.agent().orElse(null)).leftOut(files)
                : designed.reader().columns().leftOut(),
            designed == null || designed.design().isPlain() ? null : designed.design()),
        moments,
        IntStream.range(0, features.size())
            .filter(j -> moments[1][j] == 0)
            .mapToObj(features::get)
            .toList(),
        digest(scans, designed, features, labels, units),
        String.format(
                Locale.ROOT,
                scans.size() == 1 ? "read from %,d file; %s" : "read from %,d files; %s",
                scans.size(),
                leftOut.count() == 0
                    ? "none left out"
                    : "%s left out (%s; %s)"
                        .formatted(leftOut.countWords(), leftOut.words(), leftOut.holders()))
            + (designed == null ? "" : designed.words(missing, holders, config.disclosure())),
        leftOut.report(
            scans, designed == null ? Map.of() : designed.report(missing, config.disclosure())),
        (cost, regularizer, solved) ->
            new FileShards(stored.in(solved), agents, rowsOf, cost, regularizer, hadoop),
        sums.times(objective));
  }

  /** The bytes of the files, and how they are read. */
  private String digest(
      List<Scan> scans,
      @Nullable DesignedRows designed,
      List<String> features,
      LabelCode labels,
      Standardization units) {
    RunDigest digest = new RunDigest();
    if (designed != null && !designed.design().isPlain()) {
      digest.text("design", designed.design().toMap().toString());
    }
    if (config.units().isPresent()) {
      digest.number("means", units.mean()).number("deviations", units.deviation());
    }
    for (Scan scan : scans) {
      digest.text("file", scan.checksum);
      if (!scan.file.keys().isEmpty()) {
        digest.text("folders", scan.file.keys().toString());
      }
    }
    return digest
        .text("format", config.format().name())
        .text("features", String.join("\u0000", features))
        .text("labels", labels.toString())
        .text("columns", "%s %s".formatted(config.label(), config.agent()))
        .text("terms", "%s %s".formatted(config.weight(), config.offset()))
        .text("deal", config.deal().toString())
        .text("units", config.standardize() + " " + config.intercept())
        .hex();
  }

  private static void requireNone(List<Scan> scans) {
    for (Scan scan : scans) {
      scan.rejections.requireNone(
          scan.file, "name other columns in data.features, or set data.bad-rows");
    }
  }

  private DesignedRows designed(List<InputFile> files) throws IOException {
    NamedRows found =
        NamedRows.of(
            config.format(),
            Columns.of(config),
            files,
            hadoop,
            config.intercept(),
            names -> countNumbers(files, names));
    return DesignedRows.of(found, config.intercept(), DesignedRows.files(files, spark));
  }

  /** A pass over all files, for those who do not name the features. */
  private NumberFields countNumbers(List<InputFile> files, List<String> names) {
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    return spark
        .parallelize(files, files.size())
        .map(file -> CsvRows.count(file, names, shared.value()))
        .reduce(NumberFields::plus);
  }

  private List<Scan> scanAll(
      List<InputFile> files, RowReader reader, Objective objective, RowWeights rowWeights) {
    boolean withValues = shown;
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    boolean stopAtFirstFault = config.badRows() == RunConfig.BadRows.FAIL;
    Scans scans =
        spark
            .parallelize(files, files.size())
            .map(
                file ->
                    Scan.of(
                        file,
                        reader,
                        objective,
                        rowWeights,
                        stopAtFirstFault,
                        withValues,
                        shared.value()))
            .aggregate(new Scans(), Scans::add, Scans::merge);
    if (!scans.linesFit()) {
      throw new BadInputException(
          ("data.path is '%s'; so many of its rows cannot be read that a list of their lines, which"
                  + " each cell needs, takes more than %d MB. Mend them, or check data.format and"
                  + " the columns.")
              .formatted(config.path(), SkippedLines.MOST_BYTES >> 20));
    }
    return scans.inOrder();
  }

  private Deal deal(
      RunConfig.Deal how, List<Scan> scans, long rows, RowReader reader, LabelCode labels)
      throws IOException {
    if (how.agents() > rows) {
      throw new BadInputException(
          "data.deal.agents is %d; there are only %d rows to deal. Ask for fewer agents."
              .formatted(how.agents(), rows));
    }
    if (how.by() == RunConfig.DealBy.LABEL && rows > MOST_SORTED) {
      throw new BadInputException(
          "data.deal.by is label; %d rows are too many to sort, %d at most. Set it to random."
              .formatted(rows, MOST_SORTED));
    }
    return switch (how.by()) {
      case ROW_NUMBER -> Deal.byRowNumber(how.agents());
      case CONTIGUOUS -> Deal.contiguous(how.agents(), rows);
      case RANDOM -> Deal.random(how.agents(), how.seed());
      case LABEL ->
          Deal.byLabel(how.agents(), labels(scans, Math.toIntExact(rows), reader, labels));
    };
  }

  private double[] labels(List<Scan> scans, int rows, RowReader reader, LabelCode code)
      throws IOException {
    double[] all = new double[rows];
    int[] next = {0};
    for (Scan scan : scans) {
      SkippedLines.Cursor skipped = scan.rejections.lines.cursor();
      reader.read(
          scan.file,
          hadoop,
          new RowReader.Handler() {
            @Override
            public boolean wants(long line, @Nullable String agent) {
              return !skipped.holds(line);
            }

            @Override
            public void row(
                long line,
                @Nullable String agent,
                String label,
                double weight,
                double offset,
                int @Nullable [] index,
                double[] values,
                int count) {
              all[next[0]++] = code.encode(label);
            }

            @Override
            public void bad(long line, @Nullable String agent, Fault fault, Supplier<String> text) {
              throw new IllegalStateException(scan.file.at(line) + " has changed since the scan");
            }
          });
    }
    return all;
  }

  private static int[] rowsOf(int agents, long rows, Deal deal) {
    int[] rowsOf = new int[agents];
    for (long row = 0; row < rows; row++) {
      rowsOf[deal.agentOf(row)]++;
    }
    return rowsOf;
  }

  private List<StoredRows.Part> parts(List<Scan> scans, List<String> agents) {
    Map<String, Integer> index = new TreeMap<>();
    if (config.deal().isEmpty()) {
      for (int i = 0; i < agents.size(); i++) {
        index.put(agents.get(i), i);
      }
    }
    List<StoredRows.Part> parts = new ArrayList<>();
    long first = 0;
    for (Scan scan : scans) {
      int[] holders =
          config.deal().isPresent()
              ? null
              : scan.rowsByAgent.keySet().stream().mapToInt(index::get).sorted().toArray();
      parts.add(new StoredRows.Part(scan.file, first, scan.rejections.lines, holders));
      first += scan.rows;
    }
    return parts;
  }
}
