package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration, rows and result on HDFS. */
class HdfsIT {
  @TempDir java.nio.file.Path dir;

  @Test
  void readsFromHdfsAndPublishesThere() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, dir.toString());
    try (MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration).build()) {
      FileSystem hdfs = cluster.getFileSystem();
      String root = cluster.getURI().toString();
      hdfs.copyFromLocalFile(new Path(Cli.HOSPITALS.toUri()), new Path("/in/hospitals.csv"));
      hdfs.copyFromLocalFile(
          new Path(java.nio.file.Path.of("../conf/hospitals.conf").toUri()),
          new Path("/in/hospitals.conf"));

      Cli.Outcome first = optimize(root, 4, false);
      assertThat(first.code()).describedAs("%s", first).isZero();
      publishedWhole(hdfs);
      JsonNode run = run(hdfs);
      assertThat(run.path("ticks").asInt()).isEqualTo(4);
      assertThat(run.path("inputs").path(0).path("path").asText())
          .isEqualTo(root + "/in/hospitals.csv");

      long[] before = times(hdfs);
      Cli.Outcome refused = optimize(root, 5, false);
      assertThat(refused.code()).describedAs("%s", refused).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(refused.err())
          .contains("output.path is '" + root + "/out/result', which exists", "output.overwrite");
      assertThat(times(hdfs)).isEqualTo(before);
      assertThat(run(hdfs)).isEqualTo(run);
      publishedWhole(hdfs);

      Cli.Outcome replaced = optimize(root, 6, true);
      assertThat(replaced.code()).describedAs("%s", replaced).isZero();
      publishedWhole(hdfs);
      assertThat(run(hdfs).path("ticks").asInt()).isEqualTo(6);

      Cli.Outcome warm = optimize(root, 7, true, "warm-start=" + root + "/out/result");
      assertThat(warm.code()).describedAs("%s", warm).isZero();
      publishedWhole(hdfs);
      assertThat(run(hdfs).path("ticks").asInt()).isEqualTo(7);
      assertThat(run(hdfs).at("/warmStart/ticks").asInt()).isEqualTo(6);
      assertThat(run(hdfs).at("/warmStart/agents").asInt()).isEqualTo(8);

      hdfs.mkdirs(new Path("/nights/2026-11-26")); // nothing that is complete
      assertThat(hdfs.rename(new Path("/out/result"), new Path("/nights/2026-11-25"))).isTrue();
      Cli.Outcome night =
          optimize(
              root,
              8,
              false,
              "warm-start=" + root + "/nights/{previous}",
              "output.path=" + root + "/out/{date}",
              "--date=2026-11-28");
      assertThat(night.code()).describedAs("%s", night).isZero();
      assertThat(hdfs.rename(new Path("/out/2026-11-28"), new Path("/out/result"))).isTrue();
      assertThat(run(hdfs).at("/configuration/warm-start").asText())
          .isEqualTo(root + "/nights/2026-11-25");
      assertThat(run(hdfs).at("/warmStart/agents").asInt()).isEqualTo(8);

      try (OutputStream out = hdfs.append(new Path("/in/hospitals.csv"))) {
        out.write("st-anna,benign,x\n".getBytes(StandardCharsets.UTF_8));
      }
      Cli.Outcome skipped = optimize(root, 4, true, "data.bad-rows=skip");
      assertThat(skipped.code()).describedAs("%s", skipped).isZero();
      assertThat(run(hdfs).path("rejectedRows").asInt()).isEqualTo(1);
      Path rejected = new Path("/out/result/rejected");
      for (Path folder : List.of(rejected, new Path(rejected, "unassigned"))) {
        assertThat(hdfs.getFileStatus(folder).getPermission()).hasToString("rwx------");
      }
      assertThat(hdfs.getFileStatus(new Path(rejected, "unassigned/rows.csv")).getPermission())
          .hasToString("rw-------");
    }
  }

  private static Cli.Outcome optimize(String root, int ticks, boolean overwrite, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "optimize",
                root + "/in/hospitals.conf",
                "data.path=" + root + "/in/hospitals.csv",
                "output.path=" + root + "/out/result",
                "output.overwrite=" + overwrite,
                "engine.name=graphx",
                "algorithm.step.initial=44",
                "stop.max-ticks=" + ticks));
    words.addAll(List.of(more));
    return Cli.run(words);
  }

  private static void publishedWhole(FileSystem hdfs) throws IOException {
    assertThat(hdfs.listStatus(new Path("/out")))
        .describedAs("nothing is left beside the result")
        .extracting(status -> status.getPath().getName())
        .containsExactly("result");
    FileStatus[] parts = hdfs.listStatus(new Path("/out/result"));
    assertThat(parts)
        .extracting(status -> status.getPath().getName())
        .containsExactlyInAnyOrder(
            "_SUCCESS", "estimates", "model", "report.html", "run.json", "solution.json", "trace");
    for (FileStatus part : parts) {
      assertThat(part.getPermission().toString())
          .isEqualTo(part.isDirectory() ? "rwx------" : "rw-------");
    }
    long success = hdfs.getFileStatus(new Path("/out/result/_SUCCESS")).getModificationTime();
    assertThat(Arrays.stream(parts).mapToLong(FileStatus::getModificationTime).max())
        .describedAs("_SUCCESS comes last")
        .hasValue(success);
  }

  private static long[] times(FileSystem hdfs) throws IOException {
    return Arrays.stream(hdfs.listStatus(new Path("/out/result")))
        .mapToLong(FileStatus::getModificationTime)
        .toArray();
  }

  private static JsonNode run(FileSystem hdfs) throws IOException {
    try (InputStream in = hdfs.open(new Path("/out/result/run.json"))) {
      return new ObjectMapper().readTree(in);
    }
  }
}
