package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that come from data are data, whatever they would mean to a shell, a disk or a browser. */
class NamesTest {
  private static final List<String> NAMES =
      List.of(
          "../../x",
          "/etc/passwd",
          "..",
          "<script>alert(1)</script>",
          "two\nlines",
          "CON",
          "$(touch x)",
          "%2e%2e%2fx",
          "n".repeat(5_000));

  @TempDir Path dir;

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  @Test
  void namesLeadNowhereAndRunNothing() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "who,y," + String.join(",", NAMES.stream().map(name -> quoted("f " + name)).toList()));
    for (int r = 0; r < 4 * NAMES.size(); r++) {
      StringBuilder row = new StringBuilder(quoted(NAMES.get(r % NAMES.size())) + "," + r % 2);
      for (int j = 0; j < NAMES.size(); j++) {
        row.append(',').append((r * 31 + j * 17) % 23);
      }
      lines.add(row.toString());
    }
    for (String name : NAMES) {
      lines.add(quoted(name) + ",1" + ",bad".repeat(NAMES.size()));
    }
    Path inner = Files.createDirectories(dir.resolve("a/b"));
    Files.write(inner.resolve("rows.csv"), lines);
    Path conf =
        Cli.write(
            inner.resolve("x.conf"),
            """
            data {
              path = "%s", label = y, agent = who, bad-rows = skip
              features = [%s]
            }
            problem { loss = logistic, l2 = 0.1 }
            stop.max-ticks = 20
            output.path = "%s"
            """
                .formatted(
                    inner.resolve("rows.csv"),
                    String.join(", ", NAMES.stream().map(name -> hocon("f " + name)).toList()),
                    inner.resolve("out")));
    Cli.Outcome outcome = Cli.optimize(conf);
    assertThat(outcome.code()).as("%s", outcome).isZero();

    assertThat(list(dir)).containsExactly("a");
    assertThat(list(dir.resolve("a"))).containsExactly("b");
    assertThat(list(inner)).containsExactly("out", "rows.csv", "x.conf");
    Path out = inner.resolve("out");
    assertThat(list(out.resolve("rejected/agents")))
        .hasSize(NAMES.size())
        .allMatch(name -> name.matches("[A-Za-z0-9_%~-]{1,200}"));
    assertThat(Cli.read(out.resolve("report.html"))).contains("alert(1)");
    assertThat(Cli.read(out.resolve("report.html"))).doesNotContain("<script>alert");
    List<String> features = new ArrayList<>();
    for (JsonNode feature : Cli.json(out, "solution.json").path("features")) {
      features.add(feature.asText());
    }
    assertThat(features).containsExactlyElementsOf(NAMES.stream().map(n -> "f " + n).toList());
  }

  private static String hocon(String name) {
    return quoted(name.replace("\n", "\\n"));
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
