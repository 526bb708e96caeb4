package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints in a folder where there are other things, or that somebody else has written. */
class CheckpointPlaceTest {
  @TempDir Path dir;
  private Path place = Path.of("");

  @BeforeEach
  void make() throws IOException {
    place =
        Files.createDirectory(
            dir.resolve("mine"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(place.resolve("thesis.txt"), "of years");
    Files.createDirectory(place.resolve("photos"));
    Files.writeString(dir.resolve("outside.txt"), "of somebody");
  }

  private SmallRun run() {
    return new SmallRun(
        dir, List.of("engine.cells=2", "stop.max-ticks=30", "checkpoint.path=" + place));
  }

  private void dies() {
    SmallRun run = run();
    assertThatThrownBy(() -> run.every(6).interruptedWhen(SmallRun.killedAt(24)).run())
        .isInstanceOf(SmallRun.Died.class);
    assertThat(place.resolve("000002/manifest.json")).exists();
  }

  private void assertOnlyOthersAreLeft() throws IOException {
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("thesis.txt", "photos");
    }
    assertThat(dir.resolve("outside.txt")).hasContent("of somebody");
  }

  @Test
  void whatElseIsInTheFolderStaysWhenTheRunIsDone() throws Exception {
    dies();
    run().run();
    assertOnlyOthersAreLeft();
  }

  @Test
  void andWhenItBeginsAnew() throws Exception {
    dies();
    run().fresh().run();
    assertOnlyOthersAreLeft();
  }

  @Test
  void aLinkIsRemovedAndNotWhatItLeadsTo() throws Exception {
    dies();
    Files.createSymbolicLink(place.resolve("000001/cells/more"), dir.resolve("outside.txt"));
    Path others = Files.createDirectory(dir.resolve("others"));
    Files.writeString(others.resolve("kept.txt"), "of somebody");
    Files.createSymbolicLink(place.resolve("000001/others"), others);
    run().run();
    assertOnlyOthersAreLeft();
    assertThat(others.resolve("kept.txt")).exists();
    assertThat(Files.exists(place.resolve("000001"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  /** Changes the latest manifest and signs it, as who may write there can. */
  private void forge(UnaryOperator<String> change) throws IOException {
    Path file = place.resolve("000002/manifest.json");
    String text = Files.readString(file);
    String body = text.substring(0, text.indexOf(",\n  \"checksum\""));
    String changed = change.apply(body);
    assertThat(changed).isNotEqualTo(body);
    Files.write(file, Manifest.signed(changed).getBytes(StandardCharsets.UTF_8));
  }

  private void assertPassedOver(String... why) throws Exception {
    SmallRun run = run();
    run.run();
    assertThat(run.warnings).hasSize(1);
    assertThat(run.warnings.get(0)).contains("000002").contains("passed over").contains(why);
    assertThat(run.resumed).hasSize(1);
  }

  @Test
  void aManifestNamesNoFileElsewhere() throws Exception {
    dies();
    forge(body -> body.replace("000002/cells/part-00000", "000002/cells/../../../outside"));
    assertPassedOver("no part of a checkpoint");
  }

  @Test
  void norOneOnAnotherFileSystem() throws Exception {
    dies();
    forge(
        body ->
            body.replace("\"000002/operator/part", "\"http://127.0.0.1:1/000002/operator/part"));
    assertPassedOver("no part of a checkpoint");
  }

  @Test
  void aStateThatSaysItIsLongerThanTheMemoryIsPassedOver() throws Exception {
    dies();
    forge(body -> body.replaceAll("\"double \\d+\"", "\"double 2147483600\""));
    assertPassedOver("memory");
  }

  @Test
  void aStateOfOtherThingsIsPassedOver() throws Exception {
    dies();
    forge(body -> body.replaceAll("\"double \\d+\"", "\"double -3\""));
    assertPassedOver("no state of a run");
  }

  @Test
  void aManifestWithoutAPartIsPassedOver() throws Exception {
    dies();
    forge(body -> body.replaceFirst("\"digest\" : \"[0-9a-f]+\"", "\"digest\" : null"));
    assertPassedOver("a part is missing");
  }
}
