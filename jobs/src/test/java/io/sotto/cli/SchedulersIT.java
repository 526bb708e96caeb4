package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What schedulers start, as they start it, and what they and Spark's own tools are told. */
class SchedulersIT {
  private static final Path SCHEDULERS = Submit.ROOT.resolve("core/docs/schedulers");
  private static final String JAVA_HOME = "JAVA_HOME";

  @TempDir Path dir;

  @Test
  void cronStartsItsLineOnceForANight() throws Exception {
    String line =
        Files.readAllLines(SCHEDULERS.resolve("crontab")).stream()
            .filter(one -> one.contains("submit.sh"))
            .findFirst()
            .orElseThrow();
    String command = placed(line.strip().split("\\s+", 6)[5], night());
    Map<String, String> cron =
        Map.of(
            "HOME",
            System.getProperty("user.home"),
            "LOGNAME",
            System.getProperty("user.name"),
            "SHELL",
            "/bin/sh",
            "PATH",
            "/usr/bin:/bin",
            JAVA_HOME,
            System.getProperty("java.home"));
    assertThat(code(List.of("/bin/sh", "-c", command), cron, dir)).as(this::log).isZero();
    assertThat(dir.resolve("out/_SUCCESS")).exists();
    assertThat(code(List.of("/bin/sh", "-c", command), cron, dir)).as(this::log).isEqualTo(2);
    assertThat(log()).contains("output.overwrite");
  }

  @Test
  void systemdStartsItsUnit() throws Exception {
    Map<String, String> unit = new TreeMap<>();
    for (String line : Files.readAllLines(SCHEDULERS.resolve("sotto.service"))) {
      String[] entry = line.split("=", 2);
      if (entry.length == 2 && !line.startsWith("#")) {
        unit.put(entry[0], placed(entry[1], night()));
      }
    }
    Map<String, String> environment =
        Map.of(
            "HOME",
            System.getProperty("user.home"),
            "PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            entry(unit, "Environment").split("=", 2)[0],
            System.getProperty("java.home"));
    Path in = Path.of(entry(unit, "WorkingDirectory"));
    List<String> command = List.of(entry(unit, "ExecStart").split(" "));
    assertThat(code(command, environment, in)).as(this::log).isZero();
    assertThat(dir.resolve("out/_SUCCESS")).exists();
  }

  /** It reads both units, and says nothing of them; of a timer with no time it would. */
  @Test
  void systemdKnowsAllOfItsUnits() throws Exception {
    Path analyze = Path.of("/usr/bin/systemd-analyze");
    assumeTrue(Files.isExecutable(analyze), "there is no systemd on this machine");
    List<String> verify = new ArrayList<>(List.of(analyze.toString(), "verify"));
    for (String name : List.of("sotto.service", "sotto.timer")) {
      String unit = placed(Files.readString(SCHEDULERS.resolve(name)), night());
      verify.add(Files.writeString(dir.resolve(name), unit).toString());
    }
    Map<String, String> path = Map.of("PATH", "/usr/bin:/bin");
    assertThat(code(verify, path, dir)).as(this::log).isZero();
    assertThat(log()).isEmpty();
    String timer = Cli.read(dir.resolve("sotto.timer"));
    Cli.write(dir.resolve("sotto.timer"), timer.replace("00:30:00", "24:30:00"));
    assertThat(code(verify, path, dir)).isNotZero();
    assertThat(log()).contains("calendar");
  }

  private static String entry(Map<String, String> unit, String key) {
    return Objects.requireNonNull(unit.get(key), key);
  }

  /** A configuration for the files of schedulers, whose result lies in the test's folder. */
  private Path night() {
    return Cli.write(
        dir.resolve("night.conf"),
        """
        include "%s/conf/hospitals.conf"
        data.path = "%s/data/hospitals.csv"
        stop.max-ticks = 50
        algorithm.step.initial = 44
        output { path = "%s/out", overwrite = false }
        """
            .formatted(Submit.ROOT, Submit.ROOT, dir));
  }

  private String placed(String line, Path conf) {
    return line.replace("/etc/sotto/night.conf", conf.toString())
        .replace("/opt/sotto", Submit.ROOT.toString())
        .replace("/var/log/sotto.log", dir.resolve("sotto.log").toString());
  }

  private String log() {
    StringBuilder all = new StringBuilder();
    for (String name : List.of("sotto.log", "printed")) {
      if (Files.exists(dir.resolve(name))) {
        all.append(Cli.read(dir.resolve(name)));
      }
    }
    return all.toString();
  }

  /** Runs a command in exactly that environment, and returns its exit code. */
  private int code(List<String> command, Map<String, String> environment, Path in)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("printed").toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(4, TimeUnit.MINUTES)).as(this::log).isTrue();
      return process.exitValue();
    } finally {
      Submit.end(process);
    }
  }

  /** Checks in JSON, in the event log and in Spark's metrics; jobs by phase. */
  @Test
  void tellsHowARunGoes() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path events = Files.createDirectory(dir.resolve("events"));
    List<String> words = new ArrayList<>(List.of("--master", "local[2]"));
    words.addAll(Submit.eventsTo(events));
    String sink = "spark.metrics.conf.*.sink.prometheusServlet.";
    words.addAll(
        List.of(
            "--conf",
            "spark.ui.port=" + port,
            "--conf",
            sink + "class=org.apache.spark.metrics.sink.PrometheusServlet",
            "--conf",
            sink + "path=/metrics/prometheus",
            "optimize",
            "conf/hospitals.conf",
            "--log-json",
            "engine.name=graphx",
            "algorithm.step.initial=44",
            "stop.max-ticks=400",
            "stop.check-every=50",
            "stop.tolerance=0",
            "output.path=" + dir.resolve("out")));
    Path printed = dir.resolve("printed");
    Process process = Submit.process(words).redirectOutput(printed.toFile()).start();
    String served = "";
    try {
      while (!served.contains("_driver_sotto_objective_Value{type=\"gauges\"} 0.")
          && !process.waitFor(100, TimeUnit.MILLISECONDS)) {
        served = get("http://127.0.0.1:%d/metrics/prometheus/".formatted(port));
      }
      assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
    } finally {
      Submit.end(process);
    }
    String said = Cli.read(printed);
    assertThat(process.exitValue()).as("%s", said).isZero();
    assertThat(said).doesNotContain("\ttick ").doesNotContain("\tat ");
    assertThat(served)
        .contains("_driver_sotto_objective_Value", "_sotto_borderBytes_", "_sotto_ticksPerSecond_");

    List<JsonNode> lines = new ArrayList<>();
    for (String line : said.lines().filter(one -> one.startsWith("{")).toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines).hasSize(9);
    assertThat(lines).extracting(line -> line.path("tick").asInt()).startsWith(0, 50, 100);
    assertThat(Submit.events(events, CheckEvent.class.getName())).isEqualTo(lines);
    assertThat(Submit.events(events, "SparkListenerJobStart"))
        .extracting(job -> job.path("Properties").path("spark.jobGroup.id").asText())
        .contains("sotto-load", "sotto-solve");
    assertThat(lines.get(8).path("objective").asDouble())
        .isLessThan(lines.get(0).path("objective").asDouble());
  }

  private static String get(String address) throws InterruptedException {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(address)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return ""; // not there yet, or no more
    }
  }
}
