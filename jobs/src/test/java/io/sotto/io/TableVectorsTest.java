package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Objectives;
import io.sotto.problem.Squared;
import io.sotto.run.RowSource.ScannedRows;
import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Vectors of Spark MLlib in a table: a feature for each slot. */
class TableVectorsTest {
  private static SparkSession spark;

  private final List<String> warnings = new ArrayList<>();

  @BeforeAll
  static void open() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static TableRows table(Metadata metadata, @Nullable Vector... vectors) {
    StructType schema =
        new StructType()
            .add("who", DataTypes.StringType)
            .add("y", DataTypes.BooleanType)
            .add("v", SQLDataTypes.VectorType(), true, metadata)
            .add("day", DataTypes.DateType);
    List<Row> rows = new ArrayList<>();
    for (Vector vector : vectors) {
      rows.add(
          RowFactory.create(
              "s" + rows.size() % 2, rows.size() % 2 == 0, vector, Date.valueOf("2024-01-01")));
    }
    return TableRows.of(spark.createDataFrame(rows, schema), "who", "y");
  }

  private ScannedRows scan(TableRows rows) {
    return rows.scan(Objectives.of(new Squared()), Map.of(), warnings::add);
  }

  @Test
  void denseAndSparseSlotsAreFeaturesByTheirNames() {
    AttributeGroup group =
        new AttributeGroup(
            "v",
            new Attribute[] {
              NumericAttribute.defaultAttr().withName("age"),
              NumericAttribute.defaultAttr().withName("dose")
            });
    Vector sparse = Vectors.sparse(2, new int[] {1}, new double[] {4});
    ScannedRows scanned = scan(table(group.toMetadata(), Vectors.dense(2, 1), sparse));
    assertThat(scanned.schema().features()).containsExactly("age", "dose");
    assertThat(scanned.moments()[0]).containsExactly(new double[] {1, 2.5}, within(1e-12));
    assertThat(scanned.schema().leftOut()).isEqualTo(Map.of("day", "a date"));
    assertThat(warnings).anyMatch(w -> w.contains("true and false are read as 1 and 0, in 2 of 2"));
  }

  @Test
  void withoutNamesSlotsAreNumberedAndTheVectorCanBeNamed() {
    ScannedRows scanned =
        scan(table(Metadata.empty(), Vectors.dense(2, 1, 0), Vectors.dense(3, 1, 1)).features("v"));
    assertThat(scanned.schema().features()).containsExactly("v[0]", "v[1]", "v[2]");
  }

  @Test
  void vectorsOfOtherLengthsAndMissingOnesAreFaults() {
    assertThatThrownBy(() -> scan(table(Metadata.empty(), Vectors.dense(2, 1), Vectors.dense(2))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has 1 slots, elsewhere 2");
    assertThatThrownBy(() -> scan(table(Metadata.empty(), Vectors.dense(2, 1), null)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'v[0]' is no finite number");
  }
}
