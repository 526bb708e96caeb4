package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.problem.Disclosure;
import io.sotto.problem.Printable;
import io.sotto.run.AgentColumn;
import io.sotto.run.Harmonisation;
import io.sotto.run.Text;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaPairRDD;
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
 * @param report what differs
 * @param compared how many agents have rows enough to be told of
 * @param passedOver how many have not
 */
public record HarmonisationScan(Harmonisation report, int compared, int passedOver) {

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
      Dataset<Row> rows = NamedTable.of(data, spark).rows();
      TableColumns columns = TableColumns.of(rows);
      return of(
          rows.javaRDD().mapPartitionsToPair(part -> pairs(reader.survey(part, columns))), data);
    }
    Configuration hadoop = spark.hadoopConfiguration();
    List<InputFile> files = InputFile.list("data.path", data.path(), hadoop);
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    return of(
        spark
            .parallelize(files, files.size())
            .flatMapToPair(file -> pairs(reader.survey(file, parquet, shared.value()))),
        data);
  }

  private static Iterator<Tuple2<String, FieldSurvey>> pairs(Map<String, FieldSurvey> byAgent) {
    return byAgent.entrySet().stream().map(e -> Tuple2.apply(e.getKey(), e.getValue())).iterator();
  }

  private static @Nullable HarmonisationScan of(
      JavaPairRDD<String, FieldSurvey> surveys, RunConfig.Data data) {
    JavaPairRDD<String, FieldSurvey> byAgent =
        surveys.filter(one -> !one._1().isEmpty()).reduceByKey(FieldSurvey::plus).cache();
    List<String> names = byAgent.flatMap(one -> one._2().names().iterator()).distinct().collect();
    Disclosure rules = data.disclosure().isOn() ? data.disclosure() : Disclosure.USUAL;
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
        Harmonisation.of(all, data.label().orElse(null)),
        (int) compared,
        told.size() - (int) compared);
  }

  /** Columns that may not be used are not told of either. */
  private static boolean allowed(AgentColumn column, RunConfig.Data data) {
    return data.disclosure().allows(column.column());
  }

  /** For people, a line for each finding, the weightiest first. */
  public List<String> lines(int most) {
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
}
