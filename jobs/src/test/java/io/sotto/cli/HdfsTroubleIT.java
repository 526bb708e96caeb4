package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.io.OutputFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.hadoop.hdfs.tools.DFSAdmin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run does when HDFS takes no writes, has no room, or loses a node. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HdfsTroubleIT {
  private static final Path RESULT = new Path("/out/result");

  @TempDir java.nio.file.Path dir;
  private MiniDFSCluster cluster;
  private DistributedFileSystem hdfs;
  private String output;

  @BeforeEach
  void start() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, dir.toString());
    configuration.setInt("dfs.replication", 2);
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(2).build();
    hdfs = cluster.getFileSystem();
    output = cluster.getURI() + RESULT.toString();
    hdfs.mkdirs(RESULT.getParent());
    hdfs.copyFromLocalFile(new Path(Cli.HOSPITALS.toUri()), new Path("/in/hospitals.csv"));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private List<String> words(String engine, int ticks) {
    return List.of(
        "optimize",
        Submit.ROOT.resolve("conf/hospitals.conf").toString(),
        "data.path=" + cluster.getURI() + "/in/hospitals.csv",
        "output.path=" + output,
        "output.overwrite=true",
        "engine.name=" + engine,
        "algorithm.step.initial=44",
        "stop.max-ticks=" + ticks);
  }

  /** Runs it as a process, and does something as soon as a line begins with a word. */
  private String run(List<String> options, List<String> words, String line, Act act)
      throws Exception {
    List<String> all = new ArrayList<>(options);
    all.addAll(words);
    StringBuilder printed = new StringBuilder();
    boolean done = false;
    Process process = Submit.process(all).start();
    try (BufferedReader lines = process.inputReader()) {
      for (String next = lines.readLine(); next != null; next = lines.readLine()) {
        printed.append(next).append('\n');
        if (!done && next.startsWith(line)) {
          act.run();
          done = true;
        }
      }
      assertThat(process.waitFor()).describedAs("%s", printed).isZero();
    } finally {
      Submit.end(process);
    }
    assertThat(done).describedAs("%s is printed%n%s", line, printed).isTrue();
    return printed.toString();
  }

  private interface Act {
    void run() throws Exception;
  }

  /** All of it can be read, and nothing is beside it. */
  private void isWhole(int ticks) throws IOException {
    assertThat(hdfs.listStatus(RESULT.getParent()))
        .extracting(FileStatus::getPath)
        .extracting(Path::getName)
        .containsExactly("result");
    assertThat(hdfs.exists(new Path(RESULT, "_SUCCESS"))).isTrue();
    try (InputStream in = hdfs.open(new Path(RESULT, "run.json"))) {
      assertThat(new ObjectMapper().readTree(in).path("ticks").asInt()).isEqualTo(ticks);
    }
    List<String> folders = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> files = hdfs.listFiles(RESULT, true);
    while (files.hasNext()) {
      LocatedFileStatus file = files.next();
      folders.add(file.getPath().getParent().getName());
      try (InputStream in = hdfs.open(file.getPath())) {
        assertThat(in.readAllBytes()).hasSize((int) file.getLen());
      }
    }
    assertThat(folders).contains("estimates", "trace");
  }

  private void safeMode(String action) throws Exception {
    assertThat(new DFSAdmin(hdfs.getConf()).run(new String[] {"-safemode", action})).isZero();
  }

  @Test
  void aRunWaitsUntilHdfsHasLeftSafeMode() throws Exception {
    safeMode("enter");
    String printed =
        run(List.of(), words("local", 4), "HDFS is in safe mode", () -> safeMode("leave"));
    assertThat(printed).contains("waiting for at most 10 min (output.wait)");
    isWhole(4);

    safeMode("enter");
    List<String> told = new ArrayList<>();
    try (OutputFolder folder = new OutputFolder(output, true, new Configuration())) {
      assertThatThrownBy(() -> folder.lock(Duration.ofMillis(1), told::add))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("output.path", output, "safe mode", "output.wait");
    }
    safeMode("leave");
    assertThat(told).hasSizeLessThan(2);
    isWhole(4);
  }

  @Test
  void whereThereIsNoRoomTheEarlierResultStays() throws Exception {
    assertThat(Cli.run(words("local", 4)).code()).isZero();
    isWhole(4);
    long names = hdfs.getContentSummary(RESULT.getParent()).getFileAndDirectoryCount();
    for (long more : new long[] {0, 2, 4, 6, 8, 10}) {
      isRefused(names + more, HdfsConstants.QUOTA_DONT_SET);
    }
    // a block that is being written counts as a whole
    long used = hdfs.getContentSummary(RESULT.getParent()).getSpaceConsumed();
    isRefused(HdfsConstants.QUOTA_RESET, used + 1_000);
    hdfs.setQuota(RESULT.getParent(), HdfsConstants.QUOTA_RESET, HdfsConstants.QUOTA_RESET);
    try (OutputFolder folder = new OutputFolder(output, true, new Configuration())) {
      folder.lock(Duration.ZERO, text -> {});
      folder.open();
      hdfs.setQuota(RESULT.getParent(), HdfsConstants.QUOTA_DONT_SET, used + 1_000);
      assertThatThrownBy(() -> folder.json("run.json", Map.of("x", 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("output.path", output, "quota", "Make room");
    }
    isWhole(4);
    hdfs.setQuota(RESULT.getParent(), HdfsConstants.QUOTA_RESET, HdfsConstants.QUOTA_RESET);
    assertThat(Cli.run(words("local", 5)).code()).isZero();
    isWhole(5);
  }

  private void isRefused(long names, long space) throws IOException {
    hdfs.setQuota(RESULT.getParent(), names, space);
    long[] before = times();
    Cli.Outcome outcome = Cli.run(words("local", 5));
    assertThat(outcome.code()).as("%d names: %s", names, outcome).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.complaints())
        .as("%d names: %s", names, outcome)
        .last()
        .asString()
        .contains("output.path is '" + output, "quota", "Make room");
    assertThat(times()).isEqualTo(before);
    isWhole(4);
  }

  private long[] times() throws IOException {
    return Arrays.stream(hdfs.listStatus(RESULT))
        .mapToLong(FileStatus::getModificationTime)
        .toArray();
  }

  @Test
  void aDataNodeMayDieDuringARun() throws Exception {
    run(
        List.of("--master", "local[2]", "--conf", "spark.hadoop.dfs.replication=2"),
        words("graphx", 40),
        "algorithm ",
        () -> assertThat(cluster.stopDataNode(0)).isNotNull());
    isWhole(40);
  }
}
