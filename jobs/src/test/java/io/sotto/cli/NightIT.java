package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.bench.StandaloneCluster;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nights of a job that cron starts on a real cluster, with all that can go wrong: an executor
 * and the driver are killed in the first, the driver gets SIGTERM in the second.
 */
class NightIT {
  private static final String FIRST = "2026-11-27";
  private static final String SECOND = "2026-11-28";
  private static final Pattern RESUMED = Pattern.compile("(?m)^resumed from tick (\\d+)$");

  @TempDir java.nio.file.Path dir;
  private int runs;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void twoNightsEndAsIfNothingHadHappened() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, dir.resolve("hdfs").toString());
    configuration.setInt("dfs.replication", 2);
    try (MiniDFSCluster files = new MiniDFSCluster.Builder(configuration).numDataNodes(2).build();
        StandaloneCluster spark =
            new StandaloneCluster(Submit.SPARK, Files.createDirectory(dir.resolve("work")))) {
      DistributedFileSystem hdfs = files.getFileSystem();
      List<String> rows = Files.readAllLines(Cli.HOSPITALS);
      write(hdfs, FIRST, rows);
      java.nio.file.Path conf = configuration(files.getURI().toString());
      undisturbed(conf, files.getURI().toString(), FIRST);
      first(hdfs, spark, conf);

      Cli.Outcome again = Cli.run(words(List.of(), conf, FIRST));
      assertThat(again.code()).describedAs("%s", again).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(again.err()).contains("/out/" + FIRST + "', which exists");

      // the next day some rows are gone, and others have come
      rows.subList(rows.size() - 5, rows.size()).clear();
      rows.addAll(rows.subList(1, 4));
      write(hdfs, SECOND, rows);
      undisturbed(conf, files.getURI().toString(), SECOND);
      second(hdfs, spark, conf);
    }
  }

  private java.nio.file.Path configuration(String root) throws IOException {
    java.nio.file.Path secret = dir.resolve("secret");
    Cli.write(secret, "of this night, which nobody knows");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    return Cli.write(
        dir.resolve("night.conf"),
        """
        data { path = "%1$s/in/{date}.csv", label = diagnosis, agent = hospital }
        problem { loss = logistic, l2 = 1e-3 }
        algorithm.name = async-admm
        privacy.secret = "%2$s"
        engine { name = graphx, cells = 2, ticks-per-superstep = 1 }
        stop { tolerance = 0, max-ticks = 80, deadline = 4h, check-every = 10 }
        checkpoint.every = 1s
        warm-start = "%1$s/out/{previous}"
        output.path = "%1$s/out/{date}"
        """
            .formatted(root, secret));
  }

  private static void write(DistributedFileSystem hdfs, String date, List<String> rows)
      throws IOException {
    try (OutputStream out = hdfs.create(new Path("/in/" + date + ".csv"))) {
      out.write((String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<String> words(List<String> options, java.nio.file.Path conf, String date) {
    List<String> words = new ArrayList<>(options);
    words.addAll(List.of("optimize", conf.toString(), "--date", date));
    return words;
  }

  /** The same night on the engine local, to another place. */
  private static void undisturbed(java.nio.file.Path conf, String root, String date) {
    List<String> words = words(List.of(), conf, date);
    words.addAll(
        List.of(
            "engine.name=local",
            "warm-start=" + root + "/undisturbed/{previous}",
            "output.path=" + root + "/undisturbed/{date}"));
    Cli.Outcome outcome = Cli.run(words);
    assertThat(outcome.code()).describedAs("%s", outcome).isZero();
  }

  /** A run of the job, as it was started and with what it printed so far. */
  private record Started(Process process, java.nio.file.Path log) {
    String printed() {
      return Cli.read(log);
    }

    /** Waits for its end. */
    int code() throws InterruptedException {
      boolean ended = process.waitFor(3, TimeUnit.MINUTES);
      assertThat(ended).describedAs("%s", printed()).isTrue();
      return process.exitValue();
    }
  }

  /** Starts it as cron would: with next to no environment, and in another folder. */
  private Started start(StandaloneCluster spark, java.nio.file.Path conf, String date)
      throws IOException {
    List<String> options = new ArrayList<>(spark.options());
    options.addAll(List.of("--conf", "spark.hadoop.dfs.replication=2"));
    java.nio.file.Path log = dir.resolve(date + "." + ++runs + ".log");
    ProcessBuilder builder = Submit.process(words(options, conf, date));
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(List.of("PATH", "HOME", "JAVA_HOME"));
    File elsewhere = Files.createDirectories(dir.resolve("elsewhere")).toFile();
    return new Started(builder.directory(elsewhere).redirectOutput(log.toFile()).start(), log);
  }

  private void first(DistributedFileSystem hdfs, StandaloneCluster spark, java.nio.file.Path conf)
      throws Exception {
    HeardCheckpoints heard = new HeardCheckpoints(hdfs);
    Started killed = start(spark, conf, FIRST);
    try {
      heard.next();
      assertThat(spark.killExecutor()).isTrue();
      heard.next(); // may have been begun before
      heard.next();
    } catch (IOException e) {
      throw new IOException(killed.printed(), e);
    } finally {
      Submit.end(killed.process());
    }
    assertThat(killed.code()).describedAs("%s", killed.printed()).isEqualTo(128 + 9);
    assertThat(killed.printed()).contains("Executors were lost");
    assertThat(names(hdfs))
        .contains("." + FIRST + ".checkpoint", "." + FIRST + ".lock")
        .doesNotContain(FIRST);
    goesOn(hdfs, spark, conf, FIRST);
    assertThat(run(hdfs, FIRST).path("warmStart").isMissingNode()).isTrue();
  }

  private void second(DistributedFileSystem hdfs, StandaloneCluster spark, java.nio.file.Path conf)
      throws Exception {
    HeardCheckpoints heard = new HeardCheckpoints(hdfs);
    Started asked = start(spark, conf, SECOND);
    try {
      heard.next();
      heard.next();
      asked.process().destroy();
      boolean ended = asked.process().waitFor(10, TimeUnit.SECONDS);
      assertThat(ended).describedAs("SIGTERM ends it in 10 s%n%s", asked.printed()).isTrue();
    } catch (IOException e) {
      throw new IOException(asked.printed(), e);
    } finally {
      Submit.end(asked.process());
    }
    assertThat(asked.code()).describedAs("%s", asked.printed()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(asked.printed()).contains("The same command goes on from its checkpoint.");
    assertThat(names(hdfs)).containsExactly("." + SECOND + ".checkpoint", FIRST);
    assertThat(manifest(hdfs).path("status").asText()).isEqualTo("interrupted");

    String printed = goesOn(hdfs, spark, conf, SECOND);
    assertThat(printed).contains("resumed from tick " + manifestTick + "\n");
    assertThat(run(hdfs, SECOND).at("/warmStart/agents").asInt()).isEqualTo(8);
    assertThat(run(hdfs, SECOND).at("/configuration/warm-start").asText())
        .endsWith("/out/" + FIRST);
  }

  private long manifestTick;

  /** That of the last checkpoint of the second night. */
  private JsonNode manifest(DistributedFileSystem hdfs) throws IOException {
    Path last =
        Arrays.stream(hdfs.listStatus(new Path("/out/." + SECOND + ".checkpoint")))
            .map(FileStatus::getPath)
            .max(Comparator.comparing(Path::getName))
            .orElseThrow();
    JsonNode manifest = json(hdfs, new Path(last, "manifest.json"));
    manifestTick = manifest.path("tick").asLong();
    return manifest;
  }

  /** The same command again: it goes on, publishes, and leaves nothing else. */
  private String goesOn(
      DistributedFileSystem hdfs, StandaloneCluster spark, java.nio.file.Path conf, String date)
      throws Exception {
    Started again = start(spark, conf, date);
    try {
      assertThat(again.code()).describedAs("%s", again.printed()).isZero();
    } finally {
      Submit.end(again.process());
    }
    String printed = again.printed();
    Matcher resumed = RESUMED.matcher(printed);
    assertThat(resumed.find()).describedAs("%s", printed).isTrue();
    assertThat(Long.parseLong(resumed.group(1))).isPositive();
    assertThat(names(hdfs))
        .containsExactly(date.equals(FIRST) ? new String[] {FIRST} : new String[] {FIRST, SECOND});
    java.nio.file.Path disturbed = copied(hdfs, "out", date);
    java.nio.file.Path undisturbed = copied(hdfs, "undisturbed", date);
    assertThat(Cli.read(disturbed.resolve("solution.json")))
        .isEqualTo(Cli.read(undisturbed.resolve("solution.json")));
    assertThat(Cli.table(disturbed.resolve("estimates")))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(Cli.table(undisturbed.resolve("estimates")));
    return printed;
  }

  private java.nio.file.Path copied(DistributedFileSystem hdfs, String folder, String date)
      throws IOException {
    java.nio.file.Path copy = Files.createDirectories(dir.resolve(folder)).resolve(date);
    hdfs.copyToLocalFile(new Path("/" + folder + "/" + date), new Path(copy.toUri()));
    return copy;
  }

  private static List<String> names(DistributedFileSystem hdfs) throws IOException {
    return Arrays.stream(hdfs.listStatus(new Path("/out")))
        .map(status -> status.getPath().getName())
        .toList();
  }

  private static JsonNode run(DistributedFileSystem hdfs, String date) throws IOException {
    return json(hdfs, new Path("/out/" + date + "/run.json"));
  }

  private static JsonNode json(DistributedFileSystem hdfs, Path file) throws IOException {
    try (InputStream in = hdfs.open(file)) {
      return new ObjectMapper().readTree(in);
    }
  }
}
