package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints on HDFS that has no room, loses a node, or is wanted by two runs. */
@Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckpointTroubleIT {
  private static final Path OUT = new Path("/out");
  private static final Path KEPT = new Path("/kept");
  private static final Path BESIDE = new Path(OUT, ".result.checkpoint");
  private static final Path LOCK = new Path(OUT, ".result.lock");
  private static final String UNABLE = "Warning: No checkpoint could be written at tick ";
  private static final int KILLED = 128 + 9;

  @TempDir java.nio.file.Path dir;
  private MiniDFSCluster cluster;
  private DistributedFileSystem hdfs;
  private java.nio.file.Path conf;
  private String root;

  @BeforeEach
  void start() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, dir.resolve("hdfs").toString());
    configuration.setInt("dfs.replication", 2);
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(2).build();
    hdfs = cluster.getFileSystem();
    hdfs.mkdirs(OUT);
    root = cluster.getURI().toString();
    java.nio.file.Path secret =
        Cli.write(dir.resolve("secret"), "of this test, and of nobody else");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    conf =
        Cli.write(
            dir.resolve("test.conf"),
            """
            data { path = "%s", label = diagnosis, agent = hospital }
            problem { loss = logistic, l2 = 1e-3 }
            algorithm.name = async-admm
            privacy.secret = "%s"
            engine.name = local
            stop { tolerance = 0, max-ticks = 5000 }
            checkpoint.every = 200ms
            """
                .formatted(Cli.HOSPITALS.toAbsolutePath(), secret));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** Words of a run to a place, with more settings. */
  private List<String> words(String output, String... more) {
    List<String> words =
        new ArrayList<>(List.of("optimize", conf.toString(), "output.path=" + output));
    words.addAll(List.of(more));
    return words;
  }

  private String result() {
    return root + OUT + "/result";
  }

  private ProcessBuilder process(List<String> words) {
    List<String> all =
        new ArrayList<>(
            List.of("--master", "local[2]", "--conf", "spark.hadoop.dfs.replication=2"));
    all.addAll(words);
    return Submit.process(all);
  }

  /** What is to be done when a checkpoint is whole. */
  private interface Act {
    void run(Process process) throws Exception;
  }

  /**
   * Runs it until a checkpoint is whole and something was done then; and returns what it prints.
   */
  private String until(List<String> words, int code, Act act) throws Exception {
    java.nio.file.Path log = dir.resolve("log");
    HeardCheckpoints heard = new HeardCheckpoints(hdfs);
    Process process = process(words).redirectOutput(log.toFile()).start();
    try {
      heard.next();
      act.run(process);
      boolean ended = process.waitFor(5, TimeUnit.MINUTES);
      assertThat(ended).describedAs("%s", Cli.read(log)).isTrue();
    } catch (IOException e) {
      throw new IOException(Cli.read(log), e);
    } finally {
      Submit.end(process);
    }
    assertThat(process.exitValue()).describedAs("%s", Cli.read(log)).isEqualTo(code);
    return Cli.read(log);
  }

  /** The same words once more, which have to go on from where the run before was killed. */
  private void goesOn(List<String> words) {
    Cli.Outcome outcome = Cli.run(words);
    assertThat(outcome.code()).describedAs("%s", outcome).isZero();
    assertThat(outcome.out()).containsPattern("(?m)^resumed from tick [1-9]");
  }

  /** The result has the bits of a run to which nothing happens, and nothing is beside it. */
  private void isAsUndisturbed(String output) throws IOException {
    java.nio.file.Path expected = dir.resolve("undisturbed");
    Cli.Outcome outcome = Cli.run(words(expected.toString(), "checkpoint.every=never"));
    assertThat(outcome.code()).describedAs("%s", outcome).isZero();
    Path place = new Path(output);
    FileSystem system = place.getFileSystem(hdfs.getConf());
    java.nio.file.Path found = dir.resolve("found");
    system.copyToLocalFile(place, new Path(found.toUri()));
    assertThat(Cli.read(found.resolve("solution.json")))
        .isEqualTo(Cli.read(expected.resolve("solution.json")));
    assertThat(Cli.table(found.resolve("estimates")))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(Cli.table(expected.resolve("estimates")));
    assertThat(system.listStatus(place.getParent()))
        .extracting(status -> status.getPath().getName())
        .filteredOn(name -> name.contains(place.getName()))
        .containsExactly(place.getName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"names", "space"})
  void withoutRoomTheRunGoesOnAndTriesAgain(String quota) throws Exception {
    hdfs.mkdirs(KEPT);
    List<String> words = words(result(), "checkpoint.path=" + root + KEPT + "/run");
    HeardCheckpoints before = new HeardCheckpoints(hdfs);
    Process process = process(words).start();
    StringBuilder printed = new StringBuilder();
    try (BufferedReader lines = process.inputReader()) {
      before.next();
      hdfs.setQuota(
          KEPT,
          quota.equals("names") ? 1 : HdfsConstants.QUOTA_DONT_SET,
          quota.equals("names") ? HdfsConstants.QUOTA_DONT_SET : 1);
      Path after = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        printed.append(line).append('\n');
        if (after == null && line.startsWith(UNABLE)) {
          assertThat(line)
              .contains("the run goes on", root + KEPT + "/run", "quota", "Make room there");
          HeardCheckpoints heard = new HeardCheckpoints(hdfs);
          hdfs.setQuota(KEPT, HdfsConstants.QUOTA_RESET, HdfsConstants.QUOTA_RESET);
          after = heard.next();
        }
      }
      assertThat(after).describedAs("%s", printed).isNotNull();
      assertThat(process.waitFor()).describedAs("%s", printed).isZero();
    } finally {
      Submit.end(process);
    }
    assertThat(hdfs.listStatus(KEPT)).as("what is left of checkpoints").isEmpty();
    isAsUndisturbed(result());
  }

  @Test
  void dataNodeMayDieAndTheResultMayBeElsewhere() throws Exception {
    String output = dir.resolve("result").toUri().toString();
    List<String> words = words(output, "checkpoint.path=" + root + KEPT);
    until(
        words,
        KILLED,
        process -> {
          HeardCheckpoints heard = new HeardCheckpoints(hdfs);
          assertThat(cluster.stopDataNode(0)).isNotNull();
          heard.next();
          heard.next(); // of this one all was written without that DataNode
          process.destroyForcibly();
        });
    goesOn(words);
    assertThat(hdfs.exists(KEPT)).isFalse();
    isAsUndisturbed(output);
  }

  @Test
  void onlyTheOwnerMayReadIt() throws Exception {
    List<String> words = words(result());
    String printed = until(words, KILLED, Process::destroyForcibly);
    List<FileStatus> all = tree(BESIDE);
    assertThat(all).describedAs("%s", printed).hasSizeGreaterThan(4);
    for (FileStatus one : all) {
      if (one.getPath().toString().contains("/_temporary")) { // it was being written
        continue;
      }
      assertThat(one.getPermission().toString())
          .describedAs("%s", one)
          .isEqualTo(one.isDirectory() ? "rwx------" : "rw-------");
    }
    assertThat(hdfs.exists(LOCK)).as("the lock of the run that was killed").isTrue();
    goesOn(words);
    isAsUndisturbed(result());
  }

  @Test
  void secondRunIsRefusedAndChangesNothing() throws Exception {
    List<String> words = words(result());
    until(
        words,
        ExitCode.DONE,
        process -> {
          signal("STOP", process);
          List<String> before = contents(OUT);
          Cli.Outcome second = Cli.run(words);
          assertThat(second.code()).describedAs("%s", second).isEqualTo(ExitCode.BAD_INPUT);
          assertThat(second.err())
              .contains(
                  "output.path is '" + result(), "another run has locked", "" + process.pid());
          assertThat(second.out()).doesNotContain("algorithm");
          assertThat(contents(OUT)).isEqualTo(before);
          signal("CONT", process);
        });
    isAsUndisturbed(result());
  }

  @Test
  void ofTwoRunsAtOnceOneWins() throws Exception {
    List<Process> both = new ArrayList<>();
    try {
      for (String name : List.of("one", "two")) {
        both.add(
            process(words(result())).redirectOutput(dir.resolve(name + ".log").toFile()).start());
      }
      List<Integer> codes = new ArrayList<>();
      for (Process process : both) {
        codes.add(process.waitFor());
      }
      assertThat(codes)
          .describedAs("%s%n%s", Cli.read(dir.resolve("one.log")), Cli.read(dir.resolve("two.log")))
          .containsExactlyInAnyOrder(ExitCode.DONE, ExitCode.BAD_INPUT);
    } finally {
      both.forEach(Submit::end);
    }
    isAsUndisturbed(result());
  }

  private static void signal(String name, Process process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** All that is in a folder, with the times at which it was changed. */
  private List<String> contents(Path folder) throws IOException {
    return tree(folder).stream()
        .skip(1)
        .map(one -> one.getPath() + " " + one.getLen() + " " + one.getModificationTime())
        .toList();
  }

  /** A folder with all that is in it. */
  private List<FileStatus> tree(Path folder) throws IOException {
    List<FileStatus> all = new ArrayList<>(List.of(hdfs.getFileStatus(folder)));
    for (FileStatus one : hdfs.listStatus(folder)) {
      if (one.isDirectory()) {
        all.addAll(tree(one.getPath()));
      } else {
        all.add(one);
      }
    }
    return all;
  }
}
