package io.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigIncludeTest {
  private static final String REMEDY =
      " is missing; give its path from the folder of the including file, or an absolute one.";

  @ParameterizedTest
  @CsvSource({
    "x.conf,                  y.conf,               y.conf",
    "conf/x.conf,             y.conf,               conf/y.conf",
    "conf/x.conf,             ../y.conf,            y.conf",
    "conf/x.conf,             ../../y.conf,         ../y.conf",
    "conf/x.conf,             ./a/../y.conf,        conf/y.conf",
    "conf/x.conf,             /etc/y.conf,          /etc/y.conf",
    "/etc/x.conf,             ../../y.conf,         /y.conf",
    "file:/etc/x.conf,        y.conf,               file:/etc/y.conf",
    "file:///etc/x.conf,      a/y.conf,             file:///etc/a/y.conf",
    "file:x.conf,             y.conf,               file:y.conf",
    "hdfs://nn:9000/a/x.conf, y.conf,               hdfs://nn:9000/a/y.conf",
    "hdfs://nn:9000/a/x.conf, ../y.conf,            hdfs://nn:9000/y.conf",
    "hdfs://nn:9000/a/x.conf, /b/y.conf,            hdfs://nn:9000/b/y.conf",
    "hdfs://nn:9000/a/x.conf, file:/b/y.conf,       file:/b/y.conf",
    "conf/x.conf,             hdfs://nn:9000/y.conf, hdfs://nn:9000/y.conf",
  })
  void includesResolveAgainstTheIncludingFile(String including, String what, String uri) {
    Map<String, String> files =
        Map.of(including, "include \"%s\"\nseed = 5".formatted(what), uri, Sample.MINIMAL);
    RunConfig config = Sample.load(files, including).config();
    assertThat(config.settings().seed()).isEqualTo(5);
    assertThat(config.data().path()).isEqualTo("rows.csv");
  }

  @Test
  void laterLinesWinOverIncludesAndOverridesOverAll() {
    Map<String, String> files =
        Map.of(
            "x.conf",
            "seed = 2\ninclude \"y.conf\"\nstop.check-every = 4",
            "y.conf",
            Sample.MINIMAL + "seed = 3\nstop { check-every = 3, max-ticks = 3 }");
    RunConfig config = Sample.load(files, "x.conf", "stop.max-ticks=5").config();
    assertThat(config.settings().seed()).isEqualTo(3);
    assertThat(config.settings().stop().checkEvery()).hasValue(4);
    assertThat(config.settings().stop().maxTicks()).isEqualTo(5);
  }

  @Test
  void blocksCanBeIncludedAndTwice() {
    Map<String, String> files =
        Map.of(
            "a/x.conf", Sample.MINIMAL + "stop { include \"stop.conf\" }\ninclude \"y.conf\"",
            "a/y.conf", "stop { include file(\"stop.conf\"), check-every = ${stop.max-ticks} }",
            "a/stop.conf", "max-ticks = 9");
    RunConfig config = Sample.load(files, "a/x.conf").config();
    assertThat(config.settings().stop().maxTicks()).isEqualTo(9);
    assertThat(config.settings().stop().checkEvery()).hasValue(9);
  }

  @Test
  void complaintsNameTheIncludedFile() {
    Map<String, String> files =
        Map.of("conf/x.conf", "include \"y.conf\"", "conf/y.conf", "\nsed = 1");
    assertThatThrownBy(() -> Sample.load(files, "conf/x.conf"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("conf/y.conf:2: unknown key sed; maybe seed is meant.");
  }

  @ParameterizedTest
  @CsvSource({
    "include \"z.conf\",             conf/z.conf",
    "include required(\"z.conf\"),   conf/z.conf",
    "include file(\"z.conf\"),       conf/z.conf",
    "include url(\"file:/z.conf\"),  file:/z.conf",
    "stop { include \"/z.conf\" },   /z.conf",
  })
  void missingIncludeIsAnError(String statement, String uri) {
    String including = "# include \"z.conf\"\nseed = 1\n\n" + statement;
    Map<String, String> files =
        Map.of("conf/x.conf", "include \"y.conf\"", "conf/y.conf", including);
    assertThatThrownBy(() -> Sample.load(files, "conf/x.conf"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("conf/y.conf:4: the included file " + uri + REMEDY);
  }

  @Test
  void missingIncludeOfAnOverrideIsAnError() {
    assertThatThrownBy(() -> Sample.load(Sample.MINIMAL, "stop={ include \"z.conf\" }"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("command line: the included file z.conf" + REMEDY);
  }

  @Test
  void theClasspathIsNotIncluded() {
    assertThatThrownBy(() -> Sample.load("include classpath(\"sotto-reference.conf\")"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "x.conf:1: classpath(\"sotto-reference.conf\") cannot be included; include a file.");
  }

  @Test
  void cyclesAreAnError() {
    Map<String, String> files =
        Map.of(
            "a/x.conf", "include \"y.conf\"",
            "a/y.conf", "seed = 1\ninclude \"b/z.conf\"",
            "a/b/z.conf", "stop {\n  include \"../x.conf\"\n}");
    assertThatThrownBy(() -> Sample.load(files, "a/x.conf"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "a/b/z.conf:2: a/x.conf includes itself: a/x.conf -> a/y.conf -> a/b/z.conf -> a/x.conf;"
                + " take out one of these includes.");
  }

  @Test
  void aFileThatIncludesItselfIsAnError() {
    assertThatThrownBy(() -> Sample.load("include \"./x.conf\""))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "x.conf:1: x.conf includes itself: x.conf -> x.conf; take out one of these includes.");
  }
}
