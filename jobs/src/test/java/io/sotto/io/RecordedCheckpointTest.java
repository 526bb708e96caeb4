package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sotto.run.InterruptedRunException;
import io.sotto.run.SavedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints of this version are read by the next ones. One was recorded as a resource, in the
 * folder {@code checkpoint-1}, where 1 is the version of the format. Never record that again: if a
 * change breaks this test, mend the change, or make another version of the format that also reads
 * this one.
 *
 * <p>For another version: raise {@link Manifest#FORMAT_VERSION}, run this test (the second one
 * leaves what it wrote in {@code target/recorded-checkpoint/.out.checkpoint}), copy that to {@code
 * src/test/resources/checkpoint-VERSION}, and let both tests see both.
 */
class RecordedCheckpointTest {
  private static final Path RECORDED = Path.of("src/test/resources/checkpoint-1");

  /** Links with duals, late messages, steps that change, offsets: most of what a state can have. */
  private static final List<String> SETTINGS =
      List.of(
          "algorithm.name=async-admm",
          "engine.cells=2",
          "network.delay={model=uniform,ticks=2}",
          "privacy.protect=offsets");

  /** So many questions until it is interrupted. */
  private static final int ASKED = 48;

  @TempDir Path dir;

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }

  @Test
  void isResumedToTheSameBits() throws Exception {
    List<String> bits = new SmallRun(dir, SETTINGS).figures();
    SmallRun resumed = new SmallRun(dir, SETTINGS);
    copy(RECORDED, resumed.root());
    assertThat(resumed.figures()).isEqualTo(bits);
    assertThat(resumed.resumed).extracting(SavedRun::superstep).containsExactly(27L);
    assertThat(resumed.warnings).isEmpty();
    assertThat(resumed.root()).doesNotExist();
  }

  /** What is written today is laid out as what was recorded. */
  @Test
  void isWhatIsWrittenToday() throws Exception {
    Path place = Path.of("target/recorded-checkpoint");
    SmallRun run = new SmallRun(place, SETTINGS).fresh();
    assertThatThrownBy(() -> run.interruptedWhen(SmallRun.interruptedAt(ASKED)).run())
        .isInstanceOf(InterruptedRunException.class);
    assertThat(layout(run.root())).isEqualTo(layout(RECORDED));
  }

  /** A manifest without times, and without what follows from how a library packs bytes. */
  private static JsonNode layout(Path folder) throws IOException {
    ObjectNode manifest =
        (ObjectNode) new ObjectMapper().readTree(folder.resolve("000001/manifest.json").toFile());
    manifest.remove(List.of("written", "checksum", "configuration"));
    manifest
        .findParents("sha256")
        .forEach(file -> ((ObjectNode) file).remove(List.of("sha256", "bytes")));
    ObjectNode operator = (ObjectNode) manifest.get("operator");
    operator.put(
        "tree", operator.get("tree").asText().replaceAll("(?<=Seconds.{0,2}:)[0-9.E-]+", "0"));
    return manifest;
  }
}
