package io.sotto.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs the same command again and again through submit.sh, kills what belongs to it at moments that
 * are drawn from a seed, and looks whether what comes out is that of a run that nobody disturbed.
 */
public final class KilledRuns {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What run.json says of time and place, and of the words that differ. */
  private static final List<String> VOLATILE =
      List.of("wallSeconds", "optimizeSeconds", "phases", "configuration", "versions");

  /** SIGTERM has so long to end a run. */
  public static final double TERM_SECONDS = 10;

  private static final long MOST_SECONDS = 600;
  private static final int MANY = 1_000;

  /** All kills of executors fall within this share of the work of an undisturbed run. */
  private static final double SHARE = 0.5;

  private final Path home;
  private final List<String> options;
  private final List<String> words;
  private final Path folder;
  private final SplittableRandom random;
  private final Consumer<String> log;

  private Path undisturbed = Path.of("");
  private double seconds;

  /**
   * Nothing runs yet.
   *
   * @param home the root of the repository
   * @param options of spark-submit
   * @param words the configuration and {@code key=value}, but for the output
   * @param folder for outputs
   * @param seed of the moments
   * @param log takes a line for each run and kill
   */
  public KilledRuns(
      Path home,
      List<String> options,
      List<String> words,
      Path folder,
      long seed,
      Consumer<String> log) {
    this.home = home;
    this.options = options;
    this.words = words;
    this.folder = folder;
    this.random = new SplittableRandom(seed);
    this.log = line -> log.accept("seed %d: %s".formatted(seed, line));
  }

  /**
   * What came of a run.
   *
   * @param output of it
   * @param kills how many there were
   * @param resumed how many of its processes went on from a checkpoint
   * @param same whether the result is that of the undisturbed run
   * @param ending the longest time that a process took to end after SIGTERM, in seconds
   * @param said what all its processes said
   */
  public record Outcome(
      Path output, int kills, int resumed, boolean same, double ending, String said) {}

  /** How a driver is killed. */
  public enum By {
    /** At once. */
    SIGKILL,
    /** It may save a checkpoint first. */
    SIGTERM
  }

  /** One process of a run. */
  private final class Attempt {
    private final Process process;
    private final CountDownLatch begun = new CountDownLatch(1);

    /** Released at each recovery from a loss, and at the end. */
    private final Semaphore recovered = new Semaphore(0);

    private final StringBuffer said = new StringBuffer();
    private final Thread reader;
    private volatile long since;

    Attempt(Path output) throws IOException {
      List<String> command = new ArrayList<>(List.of(home.resolve("submit.sh").toString()));
      command.addAll(options);
      command.add("optimize");
      command.addAll(words);
      command.add("output.path=" + output);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile());
      builder
          .environment()
          .keySet()
          .removeAll(List.of("SPARK_HOME", "SPARK_CONF_DIR", "SPARK_SCALA_VERSION"));
      process = builder.start();
      reader = new Thread(this::read, "output of a run");
      reader.setDaemon(true);
      reader.start();
    }

    /** The line that is printed before rows are loaded begins the time. */
    private void read() {
      try (BufferedReader lines = process.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          said.append(line).append('\n');
          if (line.startsWith("algorithm ")) {
            since = System.nanoTime();
            begun.countDown();
          } else if (line.contains("Executors were lost")) {
            recovered.release();
          }
        }
      } catch (IOException e) {
        said.append(e).append('\n'); // killed
      }
      begun.countDown();
      recovered.release(MANY);
    }

    /** How many seconds ago rows began to be loaded. */
    double age() {
      return (System.nanoTime() - since) * 1e-9;
    }

    void awaitBeginning() throws InterruptedException {
      begun.await();
    }

    /** Lets it run until so many seconds after its beginning, or to its end, if that is sooner. */
    boolean endsWithin(double until) throws InterruptedException {
      long left = (long) (1e3 * Math.max(0, until - age()));
      return process.waitFor(left, TimeUnit.MILLISECONDS);
    }

    int end() throws InterruptedException, IOException {
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        close();
        throw new IOException("did not end:\n" + said);
      }
      reader.join();
      return process.exitValue();
    }

    boolean resumed() {
      return said.indexOf("resumed from tick ") >= 0;
    }

    void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Runs it undisturbed, and remembers the result and how long it took. */
  public Path undisturbed() throws IOException, InterruptedException {
    Path output = folder.resolve("undisturbed");
    Attempt attempt = new Attempt(output);
    try {
      requireEnd(attempt, output);
    } finally {
      attempt.close();
    }
    undisturbed = output;
    seconds = attempt.age();
    log.accept(String.format(Locale.ROOT, "undisturbed: %.1f s", seconds));
    return output;
  }

  private static void requireEnd(Attempt attempt, Path output)
      throws IOException, InterruptedException {
    int code = attempt.end();
    if (code != 0 || !Files.exists(output.resolve("_SUCCESS"))) {
      throw new IllegalStateException(
          "%s: exit code %d:%n%s".formatted(output, code, attempt.said));
    }
  }

  /**
   * Kills the driver, each time at a moment of its own, and then lets it end.
   *
   * @param kills at most so many, and at least one
   */
  public Outcome drivers(String name, int kills, By by) throws IOException, InterruptedException {
    Path output = folder.resolve(name);
    StringBuilder said = new StringBuilder();
    int killed = 0;
    int resumed = 0;
    double ending = 0;
    while (true) {
      Attempt attempt = new Attempt(output);
      try {
        attempt.awaitBeginning();
        double moment = killed < kills ? random.nextDouble() * seconds : Double.MAX_VALUE / 1e4;
        if (attempt.endsWithin(Math.min(moment, MOST_SECONDS))) {
          requireEnd(attempt, output);
          if (killed == 0) { // it was faster than the undisturbed one: again
            seconds = Math.min(seconds, attempt.age());
            continue;
          }
          resumed += attempt.resumed() ? 1 : 0;
          said.append(attempt.said);
          return outcome(output, killed, resumed, ending, said.toString());
        }
        long from = System.nanoTime();
        if (by == By.SIGKILL) {
          attempt.process.destroyForcibly();
        } else {
          attempt.process.destroy();
        }
        int code = attempt.end();
        double took = (System.nanoTime() - from) * 1e-9;
        ending = Math.max(ending, took);
        resumed += attempt.resumed() ? 1 : 0;
        said.append(attempt.said);
        if (code == 0) { // it was about to end
          return outcome(output, killed, resumed, ending, said.toString());
        }
        killed++;
        log.accept(
            String.format(
                Locale.ROOT,
                "%s: %s after %.1f s%s, exit code %d after %.1f s",
                name,
                by,
                moment,
                attempt.resumed() ? " of a resumed run" : "",
                code,
                took));
      } finally {
        attempt.close();
      }
    }
  }

  /**
   * Kills executors of one run, one at a time: each so soon after the recovery from the one before
   * that the run is at work when the last one is killed. It is always the oldest one that dies: a
   * new one may have nothing of the run yet.
   *
   * @param worker whether a worker is killed for good, with its executor, after that
   */
  public Outcome executors(String name, int kills, StandaloneCluster cluster, boolean worker)
      throws IOException, InterruptedException {
    Path output = folder.resolve(name);
    Attempt attempt = new Attempt(output);
    int all = kills + (worker ? 1 : 0);
    double most = SHARE * seconds / (2 * all); // it may also wait as long for a recovery
    int killed = 0;
    try {
      attempt.awaitBeginning();
      while (killed < all) {
        double pause = most * random.nextDouble();
        attempt.recovered.drainPermits();
        if (attempt.endsWithin(attempt.age() + pause)) {
          break;
        }
        boolean last = killed == kills;
        if (last ? !cluster.killWorker() : !cluster.killExecutor()) {
          continue; // it has none at the moment
        }
        killed++;
        log.accept(
            String.format(
                Locale.ROOT,
                "%s: %s killed after %.1f s",
                name,
                last ? "worker" : "executor",
                attempt.age()));
        if (!last) {
          attempt.recovered.tryAcquire(
              (long) (1e3 * most), TimeUnit.MILLISECONDS); // none if nothing was on it
        }
      }
      requireEnd(attempt, output);
      return outcome(output, killed, 0, 0, attempt.said.toString());
    } finally {
      attempt.close();
    }
  }

  private Outcome outcome(Path output, int kills, int resumed, double ending, String said)
      throws IOException {
    boolean same = same(output, undisturbed);
    log.accept(
        "%s: %d kills, %d processes resumed, %s"
            .formatted(
                output.getFileName(), kills, resumed, same ? "the same bits" : "OTHER BITS"));
    return new Outcome(output, kills, resumed, same, ending, said);
  }

  private static boolean same(Path one, Path other) throws IOException {
    return Files.readString(one.resolve("solution.json"))
            .equals(Files.readString(other.resolve("solution.json")))
        && record(one).equals(record(other));
  }

  /** What run.json says, but for time and place. */
  private static JsonNode record(Path output) throws IOException {
    ObjectNode run = (ObjectNode) JSON.readTree(output.resolve("run.json").toFile());
    return run.remove(VOLATILE);
  }

  /**
   * What a kill of the driver costs: the seconds that the work takes longer than undisturbed,
   * without the start of a process and loading, against the age of the last checkpoint.
   *
   * @param from the first second after the beginning at which it may be killed
   */
  Round lost(String name, double from) throws IOException, InterruptedException {
    Path output = folder.resolve(name);
    JsonNode phases = JSON.readTree(undisturbed.resolve("run.json").toFile()).path("phases");
    double before = phases.path("load").asDouble() + phases.path("step").asDouble();
    double whole = phases.path("solve").asDouble();
    Attempt killed = new Attempt(output);
    double worked;
    Instant at;
    try {
      killed.awaitBeginning();
      if (killed.endsWithin(from + random.nextDouble() * (seconds - from) / 2)) {
        throw new IllegalStateException("ended before it was killed:\n" + killed.said);
      }
      worked = killed.age() - before;
      at = Instant.now();
      killed.process.destroyForcibly();
      killed.end();
    } finally {
      killed.close();
    }
    double age = (at.toEpochMilli() - lastCheckpoint(output).toEpochMilli()) * 1e-3;
    Attempt resumed = new Attempt(output);
    try {
      requireEnd(resumed, output);
    } finally {
      resumed.close();
    }
    if (!resumed.resumed() || !same(output, undisturbed)) {
      throw new IllegalStateException("not resumed to the same bits:\n" + resumed.said);
    }
    JsonNode then = JSON.readTree(output.resolve("run.json").toFile()).path("phases");
    double after = then.path("solve").asDouble() + then.path("resume").asDouble();
    log.accept(
        String.format(
            Locale.ROOT,
            "%s: %.1f s and %.1f s of work against %.1f s; the checkpoint was %.1f s old",
            name,
            worked,
            after,
            whole,
            age));
    return new Round(worked + after - whole, age);
  }

  /** When the latest checkpoint was written. */
  private static Instant lastCheckpoint(Path output) throws IOException {
    Path root = output.resolveSibling("." + output.getFileName() + ".checkpoint");
    try (Stream<Path> all = Files.walk(root)) {
      List<Path> manifests = all.filter(file -> file.endsWith("manifest.json")).sorted().toList();
      Path last = manifests.get(manifests.size() - 1);
      return Instant.parse(JSON.readTree(last.toFile()).path("written").asText());
    }
  }
}
