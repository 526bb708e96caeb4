package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What stands in rows that are left out is nowhere to be seen: not in the result, on the console,
 * in Spark's logs at their most talkative, or in its event log. If it is asked for, it is in the
 * file of who holds the row and nowhere else.
 */
class RejectedRowsIT {
  private static final String MARK = "Q7unseenQ7";

  @TempDir Path dir;

  @Test
  @Timeout(value = 10, unit = java.util.concurrent.TimeUnit.MINUTES)
  void valuesAreSeenNowhereUnlessTheyAreAskedForAndThenByTheirHolderAlone() throws Exception {
    List<String> rows = new ArrayList<>(Files.readAllLines(Cli.HOSPITALS));
    String anna = rows.stream().filter(row -> row.startsWith("st-anna,")).findFirst().orElseThrow();
    String[] cells = anna.split(",", -1);
    cells[2] = MARK;
    rows.add(17, String.join(",", cells));
    rows.add(300, anna + "," + MARK);
    Path input = Cli.write(dir.resolve("rows.csv"), String.join("\n", rows));

    assertThat(traces(input, "masked", "graphx")).isEmpty();
    Path out = dir.resolve("shown/out/rejected");
    Path anna1 = out.resolve("agents/st-anna/rows.csv");
    Path nobody = out.resolve("unassigned/rows.csv");
    assertThat(traces(input, "shown", "graphx")).containsExactlyInAnyOrder(anna1, nobody);
    for (Path file : List.of(anna1, nobody)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  /**
   * The files that a run leaves, what it printed and what Spark noted among them, with the mark.
   */
  private List<Path> traces(Path input, String values, String engine)
      throws IOException, InterruptedException {
    Path seen = Files.createDirectory(dir.resolve(values));
    Path events = Files.createDirectory(seen.resolve("events"));
    List<String> words = new ArrayList<>(List.of("--master", "local[2]"));
    words.addAll(List.of("--conf", "spark.log.level=DEBUG"));
    words.addAll(Submit.eventsTo(events));
    words.addAll(
        List.of(
            "optimize",
            "conf/hospitals.conf",
            "data.path=" + input,
            "data.bad-rows=skip",
            "data.rejected-values=" + values,
            "stop.max-ticks=10",
            "algorithm.step.initial=44",
            "engine.name=" + engine,
            "output.path=" + seen.resolve("out")));
    String printed =
        Submit.run(
            seen.resolve("printed"),
            words,
            Map.of("SOTTO_TASK_LOG", seen.resolve("log").toString()));
    assertThat(printed).contains("2 rows were left out");
    assertThat(Cli.read(seen.resolve("log"))).contains("DEBUG");
    assertThat(Submit.events(events, "SparkListenerJobEnd")).isNotEmpty();
    return Submit.tracesOf(MARK.getBytes(StandardCharsets.UTF_8), seen);
  }
}
