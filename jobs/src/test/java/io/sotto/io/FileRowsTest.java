package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.config.RejectedValues;
import io.sotto.config.RunConfig;
import io.sotto.engine.Shards;
import io.sotto.formula.Choices;
import io.sotto.problem.Disclosure;
import io.sotto.problem.Objective;
import io.sotto.problem.Objectives;
import io.sotto.problem.Regularizer;
import io.sotto.problem.Squared;
import io.sotto.run.RowSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRowsTest {
  private static final int BAD = 3000;
  private static final Objective SQUARED = Objectives.of(new Squared());

  @TempDir Path dir;

  private static String rows(String bad) {
    StringBuilder rows = new StringBuilder("who,y,a\n");
    for (int i = 0; i < BAD; i++) {
      rows.append("ann,1,").append(i).append('\n');
      rows.append(bad.isEmpty() ? "" : "bob,1,%s%d%n".formatted(bad, i));
    }
    return rows.append("bob,-1,0.5\n").toString();
  }

  private FileRows source(String name, String rows, JavaSparkContext spark) throws IOException {
    Path folder = Files.createDirectory(dir.resolve(name));
    Files.writeString(folder.resolve("1.csv"), rows);
    Files.writeString(folder.resolve("2.csv"), rows);
    return new FileRows(
        new RunConfig.Data(
            folder.toString(),
            RunConfig.Format.CSV,
            Optional.of("y"),
            Optional.of("who"),
            Optional.empty(),
            List.of(),
            true,
            true,
            RunConfig.BadRows.SKIP,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            RejectedValues.SHOWN,
            Optional.empty(),
            Optional.empty(),
            Choices.strict(),
            List.of(),
            Disclosure.none()),
        spark);
  }

  private static byte[] serialised(Shards shards) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(shards);
    }
    return bytes.toByteArray();
  }

  @Test
  void cellsAreGivenTheLinesToLeaveOutAndNothingElseOfRowsThatCannotBeRead() throws IOException {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("FileRowsTest")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.serializer", JavaSerializer.class.getName());
    Regularizer none = new Regularizer(0, 0);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      FileRows good = source("good", rows(""), spark);
      List<String> told = new ArrayList<>();
      RowSource.ScannedRows whole = good.scan(SQUARED, Map.of(), told::add);
      assertThat(told).isEmpty();
      FileRows mixed = source("mixed", rows("q7unseen"), spark);
      RowSource.ScannedRows some = mixed.scan(SQUARED, Map.of(), told::add);

      assertThat(told).containsExactly("6,000 rows were left out: 'a' is no finite number (6,000)");
      assertThat(good.rejected()).satisfies(left -> assertThat(left.count()).isZero());
      assertThat(mixed.rejected())
          .satisfies(
              left -> {
                assertThat(left.count()).isEqualTo(2 * BAD);
                assertThat(left.kept()).isEqualTo(1000);
                assertThat(left.reasons()).containsOnlyKeys("'a' is no finite number");
              });
      assertThat(some.report().get(RowSource.INPUTS))
          .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
          .extracting(input -> input.get("rejectedRows"))
          .containsExactly((long) BAD, (long) BAD);
      assertThat(some.rows()).isEqualTo(whole.rows()).isEqualTo(2L * BAD + 2);

      Shards clean = whole.under(SQUARED, none);
      Shards kept = some.under(SQUARED, none);
      byte[] cells = serialised(kept);
      assertThat(new String(cells, StandardCharsets.ISO_8859_1).lines())
          .noneMatch(text -> text.contains("q7unseen") || text.contains("no finite number"));
      assertThat(cells.length - serialised(clean).length).isLessThan(2 * 2 * BAD + 200);

      int[] agents = {0, 1};
      double[] x = {0.3, -0.7};
      for (int agent : agents) {
        assertThat(kept.load(agents).value(agent, x, 0))
            .isEqualTo(clean.load(agents).value(agent, x, 0));
      }
    }
  }
}
