package io.sotto.io;

import io.sotto.config.RejectedValues;
import io.sotto.config.RunConfig;
import io.sotto.engine.Shards;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LabelCode;
import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.Registry;
import io.sotto.problem.Regularizer;
import io.sotto.problem.RowSchema;
import io.sotto.problem.Standardization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** Turns {@code data { ... }} into a {@link Dataset}: one scan of all files, a task for each. */
public final class Source {
  private final RunConfig.Data config;
  private final Objective objective;
  private final RowTerms terms;
  private final boolean shown;
  private final JavaSparkContext spark;
  private final Configuration hadoop;

  /**
   * @param config what to read
   * @param objective says what the labels must be
   * @param classWeights what the rows of a label count for; 1 for others
   * @param spark where the files are scanned
   */
  public Source(
      RunConfig.Data config,
      Objective objective,
      Map<String, Double> classWeights,
      JavaSparkContext spark) {
    this.config = config;
    this.objective = objective;
    this.terms =
        new RowTerms(config.weight().orElse(null), config.offset().orElse(null), classWeights);
    this.shown = config.rejectedValues() == RejectedValues.SHOWN;
    this.spark = spark;
    this.hadoop = spark.hadoopConfiguration();
  }

  /** For a loss of one prediction, and classes that count the same. */
  public Source(RunConfig.Data config, Loss loss, JavaSparkContext spark) {
    this(config, Objectives.of(loss), Map.of(), spark);
  }

  /**
   * Scans the files.
   *
   * @throws BadInputException if a file, column or row is not what it should be
   */
  public Dataset scan() throws IOException {
    List<InputFile> files = InputFile.list("data.path", config.path(), hadoop);
    RowReader reader = reader(files);
    List<Scan> scans = scanAll(files, reader);
    for (Scan scan : scans) {
      if (scan.refusal != null) {
        throw new BadInputException(scan.refusal);
      }
    }
    if (config.badRows() == RunConfig.BadRows.FAIL) {
      requireNone(scans);
    }
    long rows = scans.stream().mapToLong(s -> s.rows).sum();
    if (rows == 0) {
      throw new BadInputException(
          "data.path is '%s'; there is not one good row in it.".formatted(config.path()));
    }
    Map<String, String> classes = new LinkedHashMap<>();
    scans.forEach(s -> s.classes.forEach(classes::putIfAbsent));
    LabelCode labels = LabelCode.of(objective.labels(), classes, config.positive(), shown);
    requireKnown(labels);
    Deal deal =
        config.deal().isPresent() ? deal(config.deal().get(), scans, rows, reader, labels) : null;
    List<String> agents = agents(scans);
    int[] rowsOf = rowsOf(agents, scans, rows, deal);
    boolean sparse = config.format() == RunConfig.Format.LIBSVM;
    int base = sparse ? indexBase(scans) : 0;
    List<String> features = features(reader, scans, base);
    double weight = sum(scans, scan -> scan.weight);
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new BadInputException(
          "The weights of all rows sum to %s; some data.weight or problem.class-weights must be above 0, and their sum finite."
              .formatted(weight));
    }
    double[][] moments = moments(scans, weight, base, features.size());
    Standardization units = standardization(moments);
    long entries = scans.stream().mapToLong(s -> s.entries).sum();
    int numberBytes = sparse ? 12 : 8; // with an index if sparse
    List<String> constant =
        IntStream.range(0, features.size())
            .filter(j -> moments[1][j] == 0)
            .mapToObj(features::get)
            .toList();
    Set<String> holders = config.deal().isPresent() ? Set.of() : new HashSet<>(agents);
    return new Dataset(
        new StoredRows(
            parts(scans, agents),
            reader,
            sparse,
            base,
            deal,
            terms,
            weight,
            config.intercept(),
            labels,
            units),
        new RowSchema(
            features,
            config.intercept(),
            objective.shape(features.size(), labels.classes().size(), config.intercept()),
            labels,
            units,
            terms.weight(),
            terms.offset()),
        new ScanReport(
            scans.stream()
                .map(s -> new ScanReport.Input(s.file, s.checksum, s.rejections.count))
                .toList(),
            rows,
            weight,
            entries,
            entries * numberBytes + rows * (numberBytes + 8L * terms.numbers()),
            constant,
            Rejected.of(scans.stream().map(s -> s.rejections).toList(), holders, shown)),
        agents,
        rowsOf);
  }

  private void requireNone(List<Scan> scans) {
    for (Scan scan : scans) {
      for (BadRow first : scan.rejections.rows) {
        throw new BadInputException(
            "%s: %s. Mend the row, or set data.bad-rows = skip."
                .formatted(scan.file.at(first.line()), first.reason()));
      }
    }
  }

  /** Where a cell finds the rows of its agents. */
  public Shards shards(Dataset data, Regularizer regularizer) {
    return new FileShards(data, objective, regularizer, hadoop);
  }

  private RowReader reader(List<InputFile> files) throws IOException {
    if (config.format() == RunConfig.Format.LIBSVM) {
      return new LibsvmRows();
    }
    Columns columns =
        new Columns(
            config.agent().orElse(null),
            config.label().orElseThrow(),
            config.features(),
            terms.weight(),
            terms.offset());
    return config.format() == RunConfig.Format.CSV
        ? CsvRows.of(columns, files, hadoop)
        : ParquetRows.of(columns, files.get(0), hadoop);
  }

  private List<Scan> scanAll(List<InputFile> files, RowReader reader) {
    boolean withValues = shown;
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    boolean stopAtFirstFault = config.badRows() == RunConfig.BadRows.FAIL;
    Loss.Labels kind = objective.labels();
    RowTerms ofRows = terms;
    Scans scans =
        spark
            .parallelize(files, files.size())
            .map(
                file ->
                    Scan.of(
                        file, reader, kind, ofRows, stopAtFirstFault, withValues, shared.value()))
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

  private List<String> agents(List<Scan> scans) {
    return config.deal().isPresent()
        ? new Names(config.deal().get().agents())
        : scans.stream().flatMap(s -> s.rowsByAgent.keySet().stream()).sorted().distinct().toList();
  }

  private Deal deal(
      RunConfig.Deal how, List<Scan> scans, long rows, RowReader reader, LabelCode labels)
      throws IOException {
    if (how.agents() > rows) {
      throw new BadInputException(
          "data.deal.agents is %d; there are only %d rows to deal. Ask for fewer agents."
              .formatted(how.agents(), rows));
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

  private static int[] rowsOf(
      List<String> agents, List<Scan> scans, long rows, @Nullable Deal deal) {
    int[] rowsOf = new int[agents.size()];
    if (deal != null) {
      for (long row = 0; row < rows; row++) {
        rowsOf[deal.agentOf(row)]++;
      }
      return rowsOf;
    }
    Map<String, Integer> total = new TreeMap<>();
    scans.forEach(s -> s.rowsByAgent.forEach((a, n) -> total.merge(a, n, Math::addExact)));
    Arrays.setAll(rowsOf, i -> total.getOrDefault(agents.get(i), 0));
    return rowsOf;
  }

  private int indexBase(List<Scan> scans) {
    int lowest = scans.stream().mapToInt(s -> s.lowestIndex).min().orElseThrow();
    int base = config.libsvmIndexBase().orElse(lowest == 0 ? 0 : 1);
    if (lowest < base) {
      throw new BadInputException(
          "data.libsvm-index-base is %d; there is an index %d. Set it to %d, or to auto."
              .formatted(base, lowest, lowest));
    }
    return base;
  }

  private List<String> features(RowReader reader, List<Scan> scans, int base) {
    if (reader instanceof CsvRows csv) {
      return csv.columns().features();
    }
    if (reader instanceof ParquetRows parquet) {
      return parquet.columns().features();
    }
    int highest = scans.stream().mapToInt(s -> s.highestIndex).max().orElseThrow();
    if (highest < base) {
      throw new BadInputException(
          "data.path is '%s'; its rows have no entries.".formatted(config.path()));
    }
    return IntStream.rangeClosed(base, highest).mapToObj(Integer::toString).toList();
  }

  /** In the order of files, so that the bits are the same everywhere. */
  private static double sum(List<Scan> scans, ToDoubleFunction<Scan> term) {
    double sum = 0;
    for (Scan scan : scans) {
      sum += term.applyAsDouble(scan);
    }
    return sum;
  }

  private void requireKnown(LabelCode labels) {
    for (String label : terms.classWeights().keySet()) {
      if (labels.classes().isEmpty()) {
        throw new BadInputException(
            "problem.class-weights is given, and this loss wants no classes; leave it out.");
      }
      if (!labels.classes().contains(label)) {
        throw new BadInputException(
            "problem.class-weights names the label '%s', which no row has; maybe '%s' is meant."
                .formatted(label, Registry.nearest(label, labels.classes())));
      }
    }
  }

  private static double[][] moments(List<Scan> scans, double weight, int base, int features) {
    Moments all = new Moments();
    scans.forEach(s -> all.merge(s.moments));
    return all.over(weight, sum(scans, scan -> scan.squares), base, features);
  }

  private Standardization standardization(double[][] moments) {
    double[] mean = new double[moments[0].length];
    double[] deviation = new double[mean.length];
    Arrays.fill(deviation, 1);
    if (config.standardize()) {
      Arrays.setAll(deviation, j -> moments[1][j] > 0 ? moments[1][j] : 1);
      if (config.intercept()) {
        mean = moments[0];
      }
    }
    return new Standardization(mean, deviation);
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
