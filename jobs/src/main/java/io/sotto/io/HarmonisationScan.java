package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.formula.Formula;
import io.sotto.problem.Disclosure;
import io.sotto.problem.Printable;
import io.sotto.run.AgentColumn;
import io.sotto.run.ColumnSummary;
import io.sotto.run.Harmonisation;
import io.sotto.run.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Compares the columns of agents: one pass over the rows where they are. What comes to the driver
 * is counts, means and deviations of agents that have rows enough.
 *
 * @param columns all columns, those of all agents side by side
 * @param report what differs
 * @param compared how many agents have rows enough to be told of
 * @param passedOver how many have not
 * @param left whether columns were left, since agents have too many to be compared
 */
public record HarmonisationScan(
    List<ColumnSummary> columns, Harmonisation report, int compared, int passedOver, boolean left) {
  private static final int MOST_COLUMNS = 40;
  private static final int FORMAT_VERSION = 1;

  /** Columns of agents that are compared, counted for each agent. */
  private static final long MOST_COMPARED = 200_000;

  /**
   * Looks at the rows of a configuration; null where there is nothing to compare: texts, columns
   * without names, or rows that are dealt.
   */
  public static @Nullable HarmonisationScan of(RunConfig.Data data, JavaSparkContext spark)
      throws IOException {
    boolean parquet = data.format() == RunConfig.Format.PARQUET;
    boolean table = data.format() == RunConfig.Format.TABLE;
    boolean named = table || parquet || data.format() == RunConfig.Format.CSV;
    String agent = data.agent().orElse("");
    if (!named || agent.isEmpty()) {
      return null;
    }
    FieldReader reader = new FieldReader(agent, data.choices().words());
    if (table) {
      Dataset<Row> rows = NamedTable.of(data, false, spark).rows();
      TableColumns columns = TableColumns.of(rows);
      JavaRDD<Row> parts = rows.javaRDD();
      long few = few(data, parts.getNumPartitions());
      return of(parts.mapPartitionsToPair(part -> pairs(reader.survey(part, columns), few)), data);
    }
    Configuration hadoop = spark.hadoopConfiguration();
    List<InputFile> files = InputFile.list("data.path", data.path(), hadoop);
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    long few = few(data, files.size());
    return of(
        spark
            .parallelize(files, files.size())
            .flatMapToPair(file -> pairs(reader.survey(file, parquet, shared.value()), few)),
        data);
  }

  private static Disclosure rules(RunConfig.Data data) {
    return data.disclosure().isOn() ? data.disclosure() : Disclosure.USUAL;
  }

  /** Agents with fewer rows than these in a part of the rows have no more elsewhere. */
  private static long few(RunConfig.Data data, int parts) {
    return parts == 1 ? rules(data).minRows() : 0;
  }

  /** Columns of agents that cannot be told of, or are too many, stay where they are. */
  private static Iterator<Tuple2<String, FieldSurvey>> pairs(
      Map<String, FieldSurvey> byAgent, long few) {
    byAgent.values().stream().filter(one -> one.rows() < few).forEach(FieldSurvey::forget);
    if (byAgent.values().stream().mapToLong(FieldSurvey::size).sum() > MOST_COMPARED) {
      byAgent.values().forEach(FieldSurvey::leave);
    }
    return byAgent.entrySet().stream().map(e -> Tuple2.apply(e.getKey(), e.getValue())).iterator();
  }

  private static @Nullable HarmonisationScan of(
      JavaPairRDD<String, FieldSurvey> surveys, RunConfig.Data data) {
    JavaPairRDD<String, FieldSurvey> byAgent =
        surveys.filter(one -> !one._1().isEmpty()).reduceByKey(FieldSurvey::plus).cache();
    List<String> names = byAgent.flatMap(one -> one._2().names().iterator()).distinct().collect();
    boolean left = !byAgent.filter(one -> one._2().isLeft()).isEmpty();
    Disclosure rules = rules(data);
    List<List<AgentColumn>> told =
        byAgent.map(one -> one._2().told(one._1(), names, rules)).collect();
    byAgent.unpersist();
    List<AgentColumn> all =
        told.stream().flatMap(List::stream).filter(c -> allowed(c, data)).toList();
    if (told.isEmpty()) {
      return null; // whoever reads the rows says why
    }
    long compared = told.stream().filter(one -> !one.isEmpty()).count();
    return new HarmonisationScan(
        ColumnSummary.of(all),
        Harmonisation.of(all, data.parsed().map(Formula::label).or(data::label).orElse(null)),
        (int) compared,
        told.size() - (int) compared,
        left);
  }

  /** Columns that may not be used are not told of either. */
  private static boolean allowed(AgentColumn column, RunConfig.Data data) {
    return data.disclosure().allows(column.column());
  }

  /** For people, a line for each finding, the weightiest first. */
  public List<String> lines(int most) {
    if (left) {
      return List.of(
          "agents are not compared: a part of the rows has more than %,d columns, counted for each agent"
              .formatted(MOST_COMPARED));
    }
    List<Harmonisation.Finding> findings = report.findings();
    String passed =
        passedOver == 0 ? "" : ", %s with too few rows are not".formatted(Text.count(passedOver));
    String first =
        "%s agents are compared%s; %s"
            .formatted(
                Text.count(compared),
                passed,
                findings.isEmpty()
                    ? "nothing found to ask about"
                    : "%s to ask about%s"
                        .formatted(
                            Text.count(findings.size()),
                            findings.size() > most ? ", the first %d:".formatted(most) : ":"));
    return Stream.concat(
            Stream.of(first),
            findings.stream().limit(most).map(finding -> Printable.of(finding.line())))
        .toList();
  }

  /** For people, a line for each column below a heading. */
  public List<String> table() {
    return ColumnSummary.table(columns, MOST_COLUMNS).stream().map(Printable::of).toList();
  }

  /**
   * For JSON: {@code agentsCompared}, {@code agentsWithTooFewRows}, {@code columns} as {@link
   * ColumnSummary#toMap} has them, and {@code findings}, each with {@code kind}, {@code column},
   * {@code agents} and {@code words}, the weightiest first.
   */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("formatVersion", FORMAT_VERSION);
    map.put("agentsCompared", compared);
    map.put("agentsWithTooFewRows", passedOver);
    map.put("tooManyColumns", left);
    map.put("columns", columns.stream().map(ColumnSummary::toMap).toList());
    List<Map<String, Object>> findings = new ArrayList<>();
    for (Harmonisation.Finding finding : report.findings()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("kind", finding.kind().word().replace("?", ""));
      one.put("column", finding.column());
      one.put("agents", finding.agents());
      one.put("words", finding.words());
      findings.add(one);
    }
    map.put("findings", findings);
    return map;
  }
}
