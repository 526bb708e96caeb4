package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import io.sotto.bench.StandaloneCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run with {@code --secure} on a real cluster, and beside it one without, which shows that the
 * test would notice: an executor without the secret, the traffic of the machine with itself, and
 * the files that executors shuffle through. Agents start from an earlier result, so their first
 * estimates are known.
 */
class SecureIT {
  private static final String SECRET = "d0nTtellAnyBody-0123456789abcdef";
  private static final Path TCPDUMP = Path.of("/usr/bin/tcpdump");
  private static final long MINUTES = 4;
  private static final String INTRUDER = "99";

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void tellsNobody(boolean secure) throws Exception {
    assumeTrue(
        Files.isExecutable(TCPDUMP) && new UnixSystem().getUid() == 0,
        "needs tcpdump and root; .ci/run has both");
    Submit.run(dir.resolve("earlier.log"), words(List.of(), "earlier", "local", 5));
    Path work = Files.createDirectory(dir.resolve("work"));
    Path events = Files.createDirectory(dir.resolve("events"));
    Path secret = dir.resolve("secret.conf");
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, "spark.authenticate.secret " + SECRET + "\n");
    Set<Long> known = numbers(dir.resolve("earlier"));
    assertThat(known).hasSizeGreaterThan(8);

    Path wire = dir.resolve("wire.pcap");
    boolean spilled = false;
    int shuffled = 0;
    String intruder;
    Process capture = capture(wire);
    try (StandaloneCluster cluster =
        new StandaloneCluster(Submit.SPARK, work, settings(secure, work))) {
      int port = freePort();
      List<String> options = new ArrayList<>(cluster.options());
      if (secure) {
        options.addAll(List.of("--secure", secret.toString()));
      }
      options.addAll(List.of("--conf", "spark.driver.port=" + port));
      options.addAll(Submit.eventsTo(events));
      List<String> words = words(options, "later", "graphx", 300);
      words.add("warm-start=" + dir.resolve("earlier"));
      Path log = dir.resolve("later.log");
      Process run = Submit.process(words).redirectOutput(log.toFile()).start();
      try {
        while (!Cli.read(log).contains("warm start:")) {
          assertThat(run.waitFor(100, TimeUnit.MILLISECONDS)).as("%s", log).isFalse();
        }
        intruder = intrude(port);
        while (!run.waitFor(200, TimeUnit.MILLISECONDS)) {
          for (Path file : shuffles(work)) {
            shuffled++;
            spilled |= !spilled && holds(file, known);
          }
        }
        assertThat(run.exitValue()).as("%s", Cli.read(log)).isZero();
      } finally {
        Submit.end(run);
      }
    } finally {
      capture.destroy(); // SIGTERM: it writes what it has
      capture.waitFor(1, TimeUnit.MINUTES);
    }
    known.addAll(numbers(dir.resolve("later")));
    assertThat(Files.size(wire)).isGreaterThan(100_000);
    assertThat(shuffled).isPositive();
    List<String> executors =
        Submit.events(events, "SparkListenerExecutorAdded").stream()
            .map(added -> added.path("Executor ID").asText())
            .toList();
    assertThat(executors).contains("0", "1");

    assertThat(executors.contains(INTRUDER)).as(intruder).isEqualTo(!secure);
    assertThat(spilled).as("estimates in files of a shuffle").isEqualTo(!secure);
    assertThat(holds(wire, known)).as("estimates on the wire").isEqualTo(!secure);
    assertThat(Submit.tracesOf(SECRET.getBytes(StandardCharsets.UTF_8), dir.resolve("later")))
        .isEmpty();
  }

  private static List<String> settings(boolean secure, Path work) {
    List<String> settings = new ArrayList<>(List.of("java.io.tmpdir=" + work));
    if (secure) {
      settings.addAll(
          List.of(
              "spark.authenticate=true",
              "spark.authenticate.secret=" + SECRET,
              "spark.network.crypto.enabled=true",
              "spark.network.crypto.saslFallback=false",
              "spark.io.encryption.enabled=true"));
      if (!org.apache.spark.package$.MODULE$.SPARK_VERSION().startsWith("3.")) { // as submit.sh
        settings.add("spark.network.crypto.cipher=AES/GCM/NoPadding");
      }
    }
    return settings;
  }

  /**
   * Agents whose coordinates are those of the columns, so that estimates are said as they are kept.
   */
  private List<String> words(List<String> options, String output, String engine, int ticks) {
    List<String> words = new ArrayList<>(options);
    words.addAll(
        List.of(
            "optimize",
            "conf/hospitals.conf",
            "data.features=[smoothness_mean, concavity_mean, symmetry_mean]",
            "data.standardize=false",
            "algorithm.scale=none",
            "algorithm.name=async-projected-subgradient",
            "algorithm.step.initial=1",
            "privacy.protect=none",
            "stop.tolerance=0",
            "stop.max-ticks=" + ticks,
            "stop.check-every=" + ticks,
            "engine.name=" + engine,
            "output.path=" + dir.resolve(output)));
    return words;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /** The bits of all agents' estimates; without numbers that many things have. */
  private static Set<Long> numbers(Path result) {
    Set<Long> bits = new HashSet<>();
    for (Row row : Cli.table(result.resolve("estimates"))) {
      List<Double> estimate = row.getList(row.fieldIndex("estimate"));
      for (double number : estimate) {
        long one = Double.doubleToLongBits(number);
        if (Long.numberOfTrailingZeros(one) < 16) {
          bits.add(one);
        }
      }
    }
    return bits;
  }

  /** Whether eight consecutive bytes of a file are one of the numbers, in either order. */
  private static boolean holds(Path file, Set<Long> numbers) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (java.nio.file.NoSuchFileException gone) {
      return false;
    }
    ByteBuffer big = ByteBuffer.wrap(bytes);
    ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + 8 <= bytes.length; at++) {
      if (numbers.contains(big.getLong(at)) || numbers.contains(little.getLong(at))) {
        return true;
      }
    }
    return false;
  }

  private static List<Path> shuffles(Path work) throws IOException {
    try (Stream<Path> files = Files.walk(work)) {
      return files
          .filter(file -> file.getFileName().toString().matches("shuffle_.*\\.data"))
          .toList();
    } catch (UncheckedIOException e) { // a folder was removed meanwhile
      return List.of();
    }
  }

  private static Process capture(Path wire) throws IOException {
    Process capture =
        new ProcessBuilder(
                TCPDUMP.toString(),
                "-i",
                "lo",
                "-s",
                "0",
                "-U",
                "-B",
                "65536",
                "-Z",
                "root",
                "-w",
                wire.toString(),
                "tcp")
            .redirectErrorStream(true)
            .start();
    BufferedReader lines = capture.inputReader();
    String line = lines.readLine();
    while (line != null && !line.contains("listening on")) {
      line = lines.readLine();
    }
    assertThat(line).as("tcpdump listens").isNotNull();
    return capture;
  }

  /** Offers the driver an executor that does not know the secret, and returns what that said. */
  private String intrude(int port) throws IOException, InterruptedException {
    Path said = dir.resolve("intruder.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" +")));
    command.addAll(
        List.of(
            "-Xmx600m",
            "-cp",
            Submit.SPARK + "/jars/*",
            "org.apache.spark.executor.CoarseGrainedExecutorBackend",
            "--driver-url",
            "spark://CoarseGrainedScheduler@127.0.0.1:" + port,
            "--executor-id",
            INTRUDER,
            "--hostname",
            "127.0.0.1",
            "--cores",
            "1",
            "--app-id",
            "app-0",
            "--resourceProfileId",
            "0"));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      while (!Cli.read(said).contains("Successfully registered with driver")
          && !process.waitFor(100, TimeUnit.MILLISECONDS)) {
        assertThat(process.info().totalCpuDuration().orElseThrow().toMinutes()).isLessThan(MINUTES);
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    return Cli.read(said);
  }
}
