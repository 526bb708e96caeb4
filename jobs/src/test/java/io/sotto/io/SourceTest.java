package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.config.RejectedValues;
import io.sotto.config.RunConfig;
import io.sotto.engine.Shards;
import io.sotto.problem.Losses;
import io.sotto.problem.Regularizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTest {
  private static final int BAD = 3000;

  @TempDir Path dir;

  private static String rows(String bad) {
    StringBuilder rows = new StringBuilder("who,y,a\n");
    for (int i = 0; i < BAD; i++) {
      rows.append("ann,1,").append(i).append('\n');
      rows.append(bad.isEmpty() ? "" : "bob,1,%s%d%n".formatted(bad, i));
    }
    return rows.append("bob,-1,0.5\n").toString();
  }

  private Source source(String name, String rows, JavaSparkContext spark) throws IOException {
    Path folder = Files.createDirectory(dir.resolve(name));
    Files.writeString(folder.resolve("1.csv"), rows);
    Files.writeString(folder.resolve("2.csv"), rows);
    return new Source(
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
            RejectedValues.SHOWN),
        Losses.REGISTRY.entries().iterator().next().makeExample(),
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
            .setAppName("SourceTest")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.serializer", JavaSerializer.class.getName());
    Regularizer none = new Regularizer(0, 0);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      Source good = source("good", rows(""), spark);
      Dataset whole = good.scan();
      Source mixed = source("mixed", rows("q7unseen"), spark);
      Dataset some = mixed.scan();

      assertThat(whole.report().rejected().count()).isZero();
      assertThat(some.report().rejected().count()).isEqualTo(2 * BAD);
      assertThat(some.report().rejected().kept()).isEqualTo(1000);
      assertThat(some.report().rejected().reasons()).containsOnlyKeys("'a' is no finite number");
      assertThat(some.report().inputs())
          .extracting(ScanReport.Input::rejectedRows)
          .containsExactly((long) BAD, (long) BAD);
      assertThat(some.report().rows()).isEqualTo(whole.report().rows()).isEqualTo(2L * BAD + 2);

      byte[] clean = serialised(good.shards(whole, none));
      byte[] cells = serialised(mixed.shards(some, none));
      assertThat(new String(cells, StandardCharsets.ISO_8859_1).lines())
          .noneMatch(text -> text.contains("q7unseen") || text.contains("no finite number"));
      assertThat(cells.length - clean.length).isLessThan(2 * 2 * BAD + 200);

      int[] agents = {0, 1};
      double[] x = {0.3, -0.7};
      for (int agent : agents) {
        assertThat(mixed.shards(some, none).load(agents).value(agent, x, 0))
            .isEqualTo(good.shards(whole, none).load(agents).value(agent, x, 0));
      }
    }
  }
}
