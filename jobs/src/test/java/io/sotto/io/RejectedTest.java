package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.problem.Disclosure;
import io.sotto.problem.Objectives;
import io.sotto.problem.Squared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectedTest {
  private static final long SEED = 3;
  private static final Fault FAULT = new Fault("'a' is no finite number", "secret");

  @TempDir Path dir;

  /** A file whose rows at fault name these agents, from line 2 on. */
  private static Rejections file(String uri, boolean shown, List<String> holders) {
    Rejections file = new Rejections(uri, shown);
    for (int i = 0; i < holders.size(); i++) {
      file.add(i + 2, holders.get(i), Set.of("ann", "b/b"), FAULT, () -> "x,secret,y");
    }
    file.lines.close();
    return file;
  }

  private static Scan scan(String uri) {
    RowWeights rowWeights = new RowWeights(null, null, Map.of());
    return new Scan(new InputFile(uri, 0), Objectives.of(new Squared()), rowWeights, false, false);
  }

  private Path publish(Rejected rejected) throws IOException {
    try (OutputFolder output =
        new OutputFolder(dir.resolve("out").toString(), true, Heard.HADOOP)) {
      output.lock(Duration.ZERO, text -> {});
      output.open();
      assertThat(rejected.write(output)).isTrue();
      output.publish();
    }
    return dir.resolve("out/rejected");
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file);
  }

  @Test
  void eachHolderHasAFileThatItsOwnerAloneMayReadAndWhoHoldsNothingHasNone() throws IOException {
    List<Rejections> files =
        List.of(
            file("file:/1.csv", false, List.of("ann", "b/b", "37.2")),
            file("file:/2.csv", false, List.of("b/b", "")));
    Rejected rejected = Rejected.of(files, Set.of("ann", "b/b"), false, Disclosure.none());
    assertThat(rejected.count()).isEqualTo(5);
    assertThat(rejected.reasons()).isEqualTo(Map.of("'a' is no finite number", 5L));
    Path folder = publish(rejected);
    assertThat(lines(folder.resolve("agents/ann/rows.csv")))
        .containsExactly("file,line,reason", "file:/1.csv,2,'a' is no finite number");
    assertThat(lines(folder.resolve("agents/b%2Fb/rows.csv")))
        .containsExactly(
            "file,line,reason",
            "file:/1.csv,3,'a' is no finite number",
            "file:/2.csv,2,'a' is no finite number");
    assertThat(lines(folder.resolve("unassigned/rows.csv")))
        .containsExactly(
            "file,line,reason",
            "file:/1.csv,4,'a' is no finite number",
            "file:/2.csv,3,'a' is no finite number");
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all)
          .hasSize(8)
          .allSatisfy(
              path ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                      .as("%s", path)
                      .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
    }
  }

  @Test
  void valuesAreThereIfTheyAreAskedForAndNotKeptOtherwise() throws IOException {
    Rejections masked = file("file:/1.csv", false, List.of("ann"));
    assertThat(masked.rows.toString()).doesNotContain("secret");
    Rejected shown =
        Rejected.of(
            List.of(file("file:/1.csv", true, List.of("ann"))),
            Set.of("ann"),
            true,
            Disclosure.none());
    assertThat(shown.words()).isEqualTo("'a' is no finite number (1)");
    assertThat(lines(publish(shown).resolve("agents/ann/rows.csv")))
        .containsExactly(
            "file,line,reason,row",
            "file:/1.csv,2,'a' is no finite number: 'secret',\"x,secret,y\"");
  }

  @Test
  void whatIsKeptIsBoundedAndItIsSaidHowMuchThatIs() throws IOException {
    Rejections file = new Rejections("file:/1.csv", true);
    String wide = "secret,".repeat(10_000);
    for (int i = 0; i < 53_212; i++) {
      Fault fault = new Fault("reason " + i % 70, wide);
      file.add(i + 2, i % 2 == 0 ? "ann" : "stranger " + i, Set.of("ann"), fault, () -> wide);
    }
    file.lines.close();
    assertThat(file.rows).hasSize(1000);
    assertThat(file.rows).allSatisfy(row -> assertThat(row.text()).hasSizeLessThan(4100));
    assertThat(file.holders).hasSizeLessThan(110);
    assertThat(file.lines.bytes()).isLessThan(10);
    assertThat(file.reasons).hasSize(51);
    Rejected rejected = Rejected.of(List.of(file), Set.of("ann"), true, Disclosure.none());
    assertThat(rejected.count()).isEqualTo(53_212);
    assertThat(rejected.kept()).isEqualTo(1000);
    assertThat(rejected.reasons()).hasSize(51).containsEntry("reason 0", 761L);
    assertThat(rejected.reasons().values().stream().mapToLong(n -> n).sum()).isEqualTo(53_212);
    assertThat(rejected.words()).contains("reason 0 (761)", "and others");
    Path folder = publish(rejected);
    assertThat(lines(folder.resolve("agents/ann/rows.csv")))
        .hasSize(502)
        .endsWith(",,\"500 of 26,606 rejected rows are written\",");
  }

  @Test
  void theFirstRowsInTheOrderOfFilesAreKeptWhicheverScanIsThereFirst() {
    List<Integer> order = new ArrayList<>(IntStream.range(0, 9).boxed().toList());
    for (int trial = 0; trial < 5; trial++) {
      Collections.shuffle(order, new Random(SEED + trial));
      Scans scans = new Scans();
      for (int k : order) {
        Scan scan = scan("file:/%d.csv".formatted(k));
        for (int i = 0; i < 300; i++) {
          scan.bad(i + 2, "ann", FAULT, () -> "");
        }
        scans = trial % 2 == 0 ? scans.add(scan) : new Scans().add(scan).merge(scans);
      }
      assertThat(scans.inOrder())
          .extracting(s -> s.rejections.rows.size())
          .as("seed %d", SEED + trial)
          .containsExactly(300, 300, 300, 100, 0, 0, 0, 0, 0);
      assertThat(scans.inOrder()).allSatisfy(s -> assertThat(s.rejections.count).isEqualTo(300));
    }
  }

  @Test
  void moreLinesThanCellsCanBeGivenAreNotCollected() {
    Scans scans = new Scans();
    for (int k = 0; k < 3; k++) {
      Scan scan = scan("file:/%d.csv".formatted(k));
      for (long line = 2; scan.wants(line, null) && line < 12_000_000; line += 2) {
        scan.rejections.lines.add(line);
      }
      scans = scans.merge(new Scans().add(scan));
      assertThat(scans.linesFit()).isEqualTo(k == 0);
    }
    assertThat(scans.inOrder()).isEmpty();
  }

  @Test
  void foldersAreNamedSafelyAndEachAgentHasItsOwn() {
    List<String> agents =
        List.of(
            "ann",
            "Ann",
            "a b",
            "a/b",
            "a%2Fb",
            "..",
            ".",
            "a\u0000b",
            "größe",
            "x:y",
            "~",
            "-rf",
            "a\nb",
            "a".repeat(300),
            "a".repeat(301),
            "/".repeat(90));
    Set<String> names = new HashSet<>();
    for (String agent : agents) {
      String name = Rejected.folderName(agent);
      assertThat(name).matches("[A-Za-z0-9_%-]{1,100}(~[0-9a-f]{64})?");
      names.add(name);
    }
    assertThat(names).hasSameSizeAs(agents);
    assertThat(Rejected.folderName("st-anna")).isEqualTo("st-anna");
  }

  @Test
  void nothingIsWrittenWhereOthersCannotBeKeptOut() throws IOException {
    Configuration hadoop = new Configuration(false);
    hadoop.setClass("fs.open.impl", Open.class, org.apache.hadoop.fs.FileSystem.class);
    Rejected rejected =
        Rejected.of(
            List.of(file("file:/1.csv", false, List.of("ann"))),
            Set.of("ann"),
            false,
            Disclosure.none());
    try (OutputFolder output = new OutputFolder("open://" + dir + "/out", false, hadoop)) {
      output.lock(Duration.ZERO, text -> {});
      output.open();
      output.text("a.txt", "a");
      assertThat(rejected.write(output)).isFalse();
      output.publish();
    }
    try (Stream<Path> all = Files.list(dir.resolve("out"))) {
      assertThat(all)
          .extracting(path -> path.getFileName().toString())
          .containsExactlyInAnyOrder("a.txt", "_SUCCESS");
    }
  }

  /** A file system without permissions, as stores of objects are. */
  public static final class Open extends RawLocalFileSystem {
    @Override
    public java.net.URI getUri() {
      return java.net.URI.create("open:///");
    }

    @Override
    public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
      FileStatus status = super.getFileStatus(path);
      return new FileStatus(
          status.getLen(),
          status.isDirectory(),
          1,
          status.getBlockSize(),
          status.getModificationTime(),
          0,
          FsPermission.getDirDefault(),
          "",
          "",
          status.getPath());
    }
  }
}
