package io.sotto.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import scala.util.Properties;

/**
 * A real Spark standalone cluster of the embedded Spark: a master and two workers, as processes.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final int WORKERS = 2;
  private static final Pattern MASTER =
      Pattern.compile("Starting Spark master at (spark://[\\w.:-]+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");

  private final List<Process> processes = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();
  private final String master;
  private final Path spark;
  private final List<String> settings;

  /**
   * Starts it, and waits until all workers are known to the master.
   *
   * @param spark the embedded Spark, whose folder {@code jars} holds all packages
   * @param work where workers keep what executors write
   */
  public StandaloneCluster(Path spark, Path work) throws IOException {
    this(spark, work, List.of());
  }

  /**
   * The same with settings of Spark for master and workers.
   *
   * @param settings such as {@code spark.authenticate=true}
   */
  public StandaloneCluster(Path spark, Path work, List<String> settings) throws IOException {
    this.spark = spark;
    this.settings = settings;
    try {
      Process first =
          start(work, "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0");
      master = heard(first, MASTER).group(1);
      for (int i = 0; i < WORKERS; i++) {
        workers.add(
            start(
                work,
                "worker.Worker",
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                "1",
                "--memory",
                "1G",
                "--work-dir",
                work.resolve("worker-" + i).toString(),
                master));
      }
      for (Process worker : workers) {
        heard(worker, REGISTERED);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Of the library that runs this, such as 2.13. */
  private static final String SCALA =
      Properties.versionNumberString().replaceAll("^(\\d+\\.\\d+).*", "$1");

  private Process start(Path work, String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" +")));
    settings.forEach(setting -> command.add("-D" + setting));
    command.addAll(
        List.of("-Xmx256m", "-cp", spark + "/jars/*", "org.apache.spark.deploy." + name));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("SPARK_CONF_DIR", "SPARK_WORKER_DIR"));
    builder.environment().put("SPARK_HOME", spark.toString());
    builder.environment().put("SPARK_SCALA_VERSION", SCALA);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** Reads what a process prints up to a line; the rest is read and dropped. */
  private static Matcher heard(Process process, Pattern wanted) throws IOException {
    BufferedReader lines = process.inputReader();
    StringBuilder printed = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      printed.append(line).append('\n');
      Matcher matcher = wanted.matcher(line);
      if (matcher.find()) {
        Thread rest = new Thread(() -> lines.lines().forEach(Objects::requireNonNull), "log");
        rest.setDaemon(true);
        rest.start();
        return matcher;
      }
    }
    throw new IOException("ended before it said '%s':%n%s".formatted(wanted, printed));
  }

  /** The value of {@code --master}. */
  public String master() {
    return master;
  }

  /** The executor of a worker that has lived longest. */
  private static Optional<ProcessHandle> oldest(Stream<Process> of) {
    return of.flatMap(Process::descendants)
        .filter(ProcessHandle::isAlive)
        .filter(
            child -> child.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .min(Comparator.comparing(child -> child.info().startInstant().orElse(Instant.MAX)));
  }

  /** Kills the oldest executor; false if there is none at the moment. */
  public boolean killExecutor() {
    Optional<ProcessHandle> executor = oldest(workers.stream());
    return executor.isPresent()
        && executor.get().destroyForcibly()
        && executor.get().onExit().join() != null;
  }

  /** Kills the worker of the oldest executor for good, with all its executors. */
  boolean killWorker() {
    Optional<ProcessHandle> executor = oldest(workers.stream());
    if (executor.isEmpty()) {
      return false;
    }
    for (Process worker : workers) {
      List<ProcessHandle> children = worker.descendants().toList();
      if (children.contains(executor.get())) {
        worker.destroyForcibly(); // first, so that it starts no others
        children.forEach(ProcessHandle::destroyForcibly);
        return true;
      }
    }
    return false;
  }

  /** Options of spark-submit for a run on it that waits for both executors. */
  public List<String> options() {
    return List.of(
        "--master",
        master,
        "--conf",
        "spark.driver.host=127.0.0.1",
        "--conf",
        "spark.cores.max=" + WORKERS);
  }

  @Override
  public void close() {
    List<ProcessHandle> all =
        processes.stream()
            .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
