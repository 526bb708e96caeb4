package io.sotto.io;

import io.sotto.formula.Choices;
import io.sotto.formula.Design;
import io.sotto.formula.DesignBuilder;
import io.sotto.formula.Encoder;
import io.sotto.formula.PowerSums;
import io.sotto.formula.Survey;
import io.sotto.formula.Terms;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Disclosure;
import io.sotto.run.Text;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are read under a design. Where a formula has categories, splines or polynomials, or
 * missing fields are filled, all rows are looked at first, by a task for each file or partition;
 * what comes of it are counts and sums, added up in their order.
 *
 * @param reader reads rows under the design
 * @param levels how many rows have which level, by column
 * @param filled which fields of features have no value, where they are filled; else null
 */
record DesignedRows(
    NamedRows reader, Map<String, Map<String, Long>> levels, @Nullable MissingCounts filled) {

  /** Reads one part of the rows, a file or a partition, where it is. */
  @FunctionalInterface
  interface Part {
    void read(NamedRows reader, RowReader.Handler handler) throws IOException;
  }

  /** All parts of the rows. */
  @FunctionalInterface
  interface Parts {
    /** What a task finds in each part, in the order of parts. */
    <T> List<T> each(Function<Part, T> task);
  }

  /** Files, each read by a task. */
  static Parts files(List<InputFile> files, JavaSparkContext spark) {
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    return new Parts() {
      @Override
      public <T> List<T> each(Function<Part, T> task) {
        SerializableConfiguration shared = hadoop; // not this
        return spark
            .parallelize(files, files.size())
            .map(file -> task.call(part(file, shared.value())))
            .collect();
      }
    };
  }

  private static Part part(InputFile file, Configuration hadoop) {
    return (reader, handler) -> {
      try {
        reader.read(file, hadoop, handler);
      } catch (IOException | UncheckedIOException e) {
        throw IoFailure.input(file.uri() + " cannot be read", e);
      }
    };
  }

  /**
   * Looks at all rows, if need be.
   *
   * @param found reads the columns that are asked for
   * @param intercept whether there is a constant, if no formula says so
   */
  static DesignedRows of(NamedRows found, boolean intercept, Parts parts) {
    Choices choices = found.columns().choices();
    Columns columns = choices.fills() ? found.columns().asTerms(intercept) : found.columns();
    Terms terms = columns.terms();
    if (terms == null) {
      return new DesignedRows(found, Map.of(), null);
    }
    NamedRows reader = found.with(columns);
    Look<Survey> whole =
        sum(parts.each(part -> survey(reader, part, terms, choices)), Survey::plus);
    DesignBuilder builder = new DesignBuilder(whole.found, choices);
    PowerSums sums = builder.powerSums();
    if (!sums.isEmpty()) {
      NamedRows arguments = found.with(columns.with(builder.arguments()));
      PowerSums none = sums;
      sums = sum(parts.each(part -> powers(arguments, part, none)), PowerSums::plus).found;
    }
    Design design = builder.build(sums);
    return new DesignedRows(
        found.with(columns.with(design)),
        builder.rowsByLevel(),
        choices.fills() ? whole.missing : null);
  }

  Design design() {
    return reader.columns().made();
  }

  /**
   * The same without products of categories that no row has.
   *
   * @param means of features, over all rows, then their deviations
   * @param warnings takes what is left out
   */
  DesignedRows occupied(double[][] means, Consumer<String> warnings) {
    List<String> names = design().names();
    Set<String> empty = new LinkedHashSet<>(design().ofCategories());
    for (int j = 0; j < names.size(); j++) {
      if (means[0][j] != 0 || means[1][j] != 0) {
        empty.remove(names.get(j));
      }
    }
    if (empty.isEmpty()) {
      return this;
    }
    warnings.accept("No row has these, and they are left out: " + String.join(", ", empty));
    return new DesignedRows(
        reader.with(reader.columns().with(design().without(empty))), levels, filled);
  }

  /** Those numbers of features, row by row, whose features are left, in their order. */
  double[][] left(double[][] ofAll, Design before) {
    List<String> names = before.names();
    int[] places = design().names().stream().mapToInt(names::indexOf).toArray();
    return Stream.of(ofAll)
        .map(row -> IntStream.of(places).mapToDouble(j -> row[j]).toArray())
        .toArray(double[][]::new);
  }

  /** What is added to predictions, by a column and by a formula; null if nothing is. */
  @Nullable String offset() {
    String own = Objects.requireNonNullElse(reader.columns().offset(), "");
    String formula = design().offset();
    String both = own.isEmpty() || formula.isEmpty() ? own + formula : own + " + " + formula;
    return both.isEmpty() ? null : both;
  }

  /**
   * What {@code run.json} says of levels and of fields without a value.
   *
   * @param counts of rows that were left out
   * @param rules which numbers are not told
   */
  Map<String, Object> report(MissingCounts counts, Disclosure rules) {
    Map<String, Object> report = new LinkedHashMap<>();
    if (!levels.isEmpty()) {
      Map<String, Object> of = new LinkedHashMap<>();
      levels.forEach((column, rows) -> of.put(column, rules.told(rows)));
      report.put("levels", of);
    }
    Map<String, Object> told = new LinkedHashMap<>();
    if (counts.rows() > 0) {
      told.put("leftOut", counts.report(rules));
    }
    if (filled != null && filled.rows() > 0) {
      told.put("filled", filled.report(rules));
    }
    if (!told.isEmpty()) {
      report.put("missing", told);
    }
    return report;
  }

  /**
   * The same in words, as it follows what was read.
   *
   * @param counts of rows that were left out
   * @param agents those who have rows that are used
   * @param rules which numbers are not told
   */
  String words(MissingCounts counts, Collection<String> agents, Disclosure rules) {
    List<String> gone = counts.agents().stream().filter(a -> !agents.contains(a)).toList();
    return (filled == null || filled.rows() == 0
            ? ""
            : "; fields without a value filled in %s (%s)"
                .formatted(rules.count(filled.rows()), filled.words(rules)))
        + (counts.rows() == 0
            ? ""
            : "; %s left out for fields without a value (%s)"
                .formatted(rules.count(counts.rows()), counts.words(rules)))
        + (gone.isEmpty() ? "" : "; no complete row is left of " + Text.some(gone));
  }

  /**
   * What a look at a file found.
   *
   * @param refusal why the file cannot be used; null if it can
   */
  private record Look<T>(T found, MissingCounts missing, @Nullable String refusal)
      implements Serializable {}

  private static <T> Look<T> sum(List<Look<T>> looks, BinaryOperator<T> plus) {
    Look<T> first = looks.get(0);
    T found = first.found;
    for (Look<T> look : looks) {
      if (look.refusal != null) {
        throw new BadInputException(look.refusal);
      }
      if (look != first) {
        found = plus.apply(found, look.found);
        first.missing.plus(look.missing);
      }
    }
    return new Look<>(found, first.missing, null);
  }

  private static Look<Survey> survey(NamedRows reader, Part part, Terms terms, Choices choices)
      throws IOException {
    Survey survey = new Survey(terms, choices.read(), !choices.fills());
    MissingCounts missing = new MissingCounts();
    Looking looking =
        new Looking() {
          @Override
          public boolean looksAt(
              @Nullable String agent, Columns.Positions at, RowReader.Fields fields) {
            boolean complete = at.without(fields, choices.read()).isEmpty();
            List<String> columns =
                survey.add(
                    complete,
                    i -> fields.number(at.features()[i]),
                    i -> fields.text(at.features()[i]));
            missing.add(agent, complete ? columns : List.of());
            return true;
          }
        };
    return look(survey, missing, reader, part, looking);
  }

  private static Look<PowerSums> powers(NamedRows reader, Part part, PowerSums none)
      throws IOException {
    Encoder encoder = reader.columns().made().encoder();
    double[] arguments = new double[reader.columns().made().columns().size()];
    Looking looking =
        new Looking() {
          @Override
          public boolean looksAt(
              @Nullable String agent, Columns.Positions at, RowReader.Fields fields) {
            if (encoder.encode(
                    i -> fields.number(at.features()[i]),
                    i -> fields.text(at.features()[i]),
                    arguments)
                == null) {
              none.add(arguments);
            }
            return true;
          }
        };
    return look(none, new MissingCounts(), reader, part, looking);
  }

  private static <T> Look<T> look(
      T found, MissingCounts missing, NamedRows reader, Part part, Looking looking)
      throws IOException {
    String refusal = null;
    try {
      part.read(reader, looking);
    } catch (BadInputException e) {
      refusal = e.getMessage(); // as a value: thrown in a task, it would be tried again
    }
    return new Look<>(found, missing, refusal);
  }

  /** Wants all rows; what is wrong with one, the scan tells. */
  private interface Looking extends RowReader.Handler {
    @Override
    default boolean wants(long line, @Nullable String agent) {
      return true;
    }

    @Override
    default void row(
        long line,
        @Nullable String agent,
        String label,
        double weight,
        double offset,
        int @Nullable [] index,
        double[] values,
        int count) {}

    @Override
    default void bad(long line, @Nullable String agent, Fault fault, Supplier<String> text) {}
  }
}
