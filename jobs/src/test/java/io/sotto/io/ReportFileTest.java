package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
  @TempDir Path dir;
  private final List<String> told = new ArrayList<>();

  private Path published(Map<String, Object> content) throws Exception {
    Path place = dir.resolve("out");
    try (OutputFolder output = new OutputFolder(place.toString(), false, Heard.HADOOP)) {
      output.lock(Duration.ZERO, text -> {});
      output.open();
      output.json("run.json", Map.of("formatVersion", 2, "status", "converged"));
      ReportFile.write(
          output,
          () -> {
            if (content.isEmpty()) {
              throw new IllegalStateException("nothing to draw");
            }
            return content;
          },
          told::add);
      output.publish();
    }
    return place;
  }

  @Test
  void thePageIsInTheResult() throws Exception {
    Path place = published(Map.of("title", "a </script> of clinics"));
    assertThat(told).isEmpty();
    assertThat(Files.readString(place.resolve("report.html")))
        .contains("{\"title\":\"a \\u003c/script\\u003e of clinics\"}");
  }

  @Test
  void aPageThatCannotBeMadeLosesNoResult() throws Exception {
    Path place = published(Map.of());
    assertThat(told)
        .singleElement()
        .asString()
        .contains("report.html is left out", "nothing to draw");
    assertThat(place.resolve("run.json")).exists();
    assertThat(place.resolve("_SUCCESS")).exists();
    assertThat(place.resolve("report.html")).doesNotExist();
  }
}
