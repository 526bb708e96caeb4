package io.sotto.cli;

import io.sotto.config.ConfigLoader;
import io.sotto.config.Dates;
import io.sotto.config.HadoopTexts;
import io.sotto.config.Planted;
import io.sotto.config.RunConfig;
import io.sotto.config.Texts;
import io.sotto.engine.LocalEngine;
import io.sotto.engine.graphx.GraphxEngine;
import io.sotto.io.EarlierOutput;
import io.sotto.io.EdgeFiles;
import io.sotto.io.MadeData;
import io.sotto.io.PreviousOutput;
import io.sotto.io.SecretFile;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.run.DeadlineException;
import io.sotto.run.Optimize;
import io.sotto.run.RunClock;
import io.sotto.run.RunSettings;
import io.sotto.run.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command over a configuration, in a Spark session of its own. */
abstract class JobCommand implements Callable<Integer> {
  private static final String FRESH = "fresh";
  private static final String NAME = "spark.app.name";
  @Spec private @Nullable CommandSpec spec;
  @ParentCommand private @Nullable Main main;

  @Parameters(
      index = "0",
      paramLabel = "CONF",
      description = "The configuration file: a path, or any Hadoop URI.")
  private String file = "";

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "A setting in place of that of the configuration.")
  private List<String> overrides = List.of();

  @Option(names = "--verbose", description = "Also say why each choice was made.")
  private boolean verbose;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description = {
        "The date of the run, such as 2026-11-28: what {date} in paths stands for, and what "
            + "{previous} in warm-start is before. Without it: today, in the time zone of the key zone."
      })
  private @Nullable String date;

  /** Does the work. */
  abstract int run(RunConfig config, SparkSession spark) throws Exception;

  /** What reads the configuration, and what it includes. */
  Texts texts(String configuration, Configuration hadoop) throws IOException {
    return new HadoopTexts(hadoop);
  }

  @Override
  public Integer call() throws Exception {
    SparkConf conf = new SparkConf();
    Instant start = Instant.now().minusNanos((long) (1e9 * clock().seconds()));
    Dates dates = Dates.of(Clock.fixed(start, ZoneId.systemDefault()), date);
    ConfigLoader.Loaded loaded =
        ConfigLoader.load(
            file, overrides, texts(file, SparkHadoopUtil.get().newConfiguration(conf)), dates);
    loaded.warnings().forEach(this::warn);
    try (SparkSession spark = session(conf)) {
      groupByPhase(spark.sparkContext());
      LocalDate day = dates.day(loaded.config().zone());
      return run(dated(loaded.config(), day, context(spark).hadoopConfiguration()), spark);
    } catch (FSError e) { // Hadoop's word for a full disk; no Exception
      throw new IOException(e);
    }
  }

  /** With the latest complete output of an earlier day in place of a pattern for one. */
  final RunConfig dated(RunConfig config, LocalDate day, Configuration hadoop) throws IOException {
    String pattern = config.warmStart().orElse("");
    if (!pattern.contains(Dates.PREVIOUS)) {
      return config;
    }
    PreviousOutput previous = PreviousOutput.of(pattern, day, hadoop);
    if (!previous.passedOver().isEmpty()) {
      warn(
          "warm-start passes over what is no complete output: %s."
              .formatted(String.join(", ", previous.passedOver())));
    }
    if (previous.path().isEmpty()) {
      say(
          "warm-start is '%s', and there is no complete output of a day before %s, so the run starts"
              + " from 0.",
          pattern, day);
    }
    return config.startingFrom(previous.path());
  }

  private SparkSession session(SparkConf conf) {
    String log = System.getenv("SOTTO_LOG");
    if (conf.get(NAME, Main.class.getName()).equals(Main.class.getName())) {
      conf.set(NAME, "Sotto " + file); // spark-submit's own choice is the class
    }
    return SparkSession.builder()
        .config(
            conf.setIfMissing("spark.master", "local[*]")
                // the Kryo that Spark brings cannot write records
                .set("spark.serializer", JavaSerializer.class.getName())
                .setIfMissing(
                    "spark.log.level", log == null ? "WARN" : log.toUpperCase(Locale.ROOT))
                // cells are spread over executors once, so all of them should be there
                .setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0")
                // files of past shuffles go when the driver collects garbage
                .setIfMissing("spark.cleaner.periodicGC.interval", "5min")
                .setIfMissing("spark.driver.maxResultSize", "0")
                // borders are numbers with all their digits: nothing that compression would shorten
                .setIfMissing("spark.shuffle.compress", "false")
                // thousands of supersteps are thousands of jobs, all alike
                .setIfMissing("spark.ui.retainedJobs", "100")
                .setIfMissing("spark.ui.retainedStages", "100")
                .setIfMissing("spark.ui.retainedTasks", "1000")
                .setIfMissing("spark.ui.showConsoleProgress", "false"))
        .getOrCreate();
  }

  /** The rows or texts that a configuration names. */
  final Source source(RunConfig config, SparkSession spark) throws IOException {
    return Source.of(config, context(spark));
  }

  /** Writes what {@code data.make} names, and says so. */
  final void make(RunConfig config, SparkSession spark) throws IOException {
    JavaSparkContext context = context(spark);
    Optional<Planted> planted = config.making().flatMap(RunConfig.Making::planted);
    MadeData.Made made =
        planted.isPresent()
            ? MadeData.plant(config, planted.get(), context)
            : MadeData.make(config, context.hadoopConfiguration());
    say(
        planted.isPresent()
            ? "made %s, %s in %d files, and beside it its optimum"
            : "made %s, %s in %d files, one for each agent",
        config.data().path(),
        Text.bytes(made.bytes()),
        made.files());
  }

  /** What a configuration asks for, with all that it names read by Hadoop and run on Spark. */
  final Optimize action(RunConfig config, Source source, SparkSession spark) throws IOException {
    JavaSparkContext context = context(spark);
    Configuration hadoop = context.hadoopConfiguration();
    int threads =
        spark.sparkContext().isLocal()
            ? context.defaultParallelism()
            : Runtime.getRuntime().availableProcessors();
    Optimize action =
        Optimize.of(source.problem())
            .settings(config.settings())
            .engines(new LocalEngine(threads), new GraphxEngine(context))
            .reader((paths, agents) -> EdgeFiles.read(paths, agents, hadoop))
            .clock(clock())
            .inference(config.inference())
            .selection(config.selection())
            .disclosure(config.data().disclosure())
            .provenance(new Configured(config));
    Optional<Secret> secret = secret(config, hadoop);
    if (secret.isPresent()) {
      action = action.secret(secret.get());
    }
    return config.warmStart().isPresent()
        ? action.warmStart(new EarlierOutput("warm-start", config.warmStart().get(), hadoop))
        : action;
  }

  /** The secret of a mechanism; empty if there is none, or for a fresh one. */
  private Optional<Secret> secret(RunConfig config, Configuration hadoop) throws IOException {
    RunSettings.Mechanism mechanism = config.settings().privacy().mechanism();
    String named = config.secret().orElse("");
    if (mechanism == RunSettings.Mechanism.NONE || named.equals(FRESH)) {
      return Optional.empty();
    }
    if (!named.isEmpty()) {
      return Optional.of(SecretFile.read("privacy.secret", named, hadoop));
    }
    return mechanism == RunSettings.Mechanism.OFFSETS
            || mechanism == RunSettings.Mechanism.SUMS
            || mechanism == RunSettings.Mechanism.ROWS
        ? SecretFile.own(hadoop, text -> say("%s", text))
        : Optional.empty();
  }

  /** The versions of what runs, by name. */
  static Map<String, Object> versions() {
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("sotto", Version.sotto());
    versions.put("spark", Version.spark());
    versions.put("java", System.getProperty("java.version"));
    return versions;
  }

  /**
   * The configuration for {@code run.json}; without what belongs to single agents if {@code
   * output.per-agent} is false.
   */
  record Configured(RunConfig config) implements Optimize.Provenance {

    @Override
    public Map<String, Object> configuration(RunSettings settings) {
      Map<String, Object> map = whole(settings);
      if (!config.output().perAgent()) {
        map.keySet().removeAll(List.of("clock", "problem", "audit"));
      }
      return map;
    }

    @Override
    public Map<String, Object> whole(RunSettings settings) {
      return config.with(settings).toMap();
    }

    @Override
    public Map<String, Object> versions() {
      return JobCommand.versions();
    }
  }

  /**
   * Runs work that must have an estimate by the deadline. If it has none then, all Spark jobs are
   * cancelled.
   *
   * @throws DeadlineException if it has not
   */
  final <T> T untilDeadline(
      RunConfig config, SparkSession spark, BooleanSupplier hasEstimate, Callable<T> work)
      throws Exception {
    RunClock until = clock().withDeadline(config.settings().stop().deadline());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            runnable -> {
              Thread thread = new Thread(runnable, "deadline");
              thread.setDaemon(true);
              return thread;
            });
    Runnable giveUp =
        () -> {
          if (!hasEstimate.getAsBoolean()) {
            spark.sparkContext().cancelAllJobs();
          }
        };
    ScheduledFuture<?> alarm =
        timer.scheduleWithFixedDelay(
            giveUp, (long) (1e3 * Math.max(0, until.left())), 1_000, TimeUnit.MILLISECONDS);
    try {
      return work.call();
    } catch (DeadlineException | BadInputException e) {
      throw e;
    } catch (Exception e) {
      if (until.expired(0) && !hasEstimate.getAsBoolean()) {
        DeadlineException deadline = until.passed();
        deadline.addSuppressed(e);
        throw deadline;
      }
      throw e;
    } finally {
      alarm.cancel(false);
      timer.shutdownNow();
    }
  }

  /** Tells how a run goes, with reasons if they are asked for. */
  final Console console() {
    return new Console(out(), err(), verbose, !logJson());
  }

  /** Whether checks are told as lines of JSON, in place of progress. */
  boolean logJson() {
    return false;
  }

  /** Spark's jobs are grouped by the phase of the run, so that its UI and history read like it. */
  private void groupByPhase(SparkContext context) {
    clock().onPhase(name -> context.setJobGroup("sotto-" + name, "Sotto: " + name, false));
  }

  final RunClock clock() {
    return main == null ? RunClock.start() : main.clock();
  }

  final JavaSparkContext context(SparkSession spark) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  final PrintWriter out() {
    return line().commandLine().getOut();
  }

  final PrintWriter err() {
    return line().commandLine().getErr();
  }

  final void warn(String warning) {
    err().println("Warning: " + warning);
  }

  final void say(String format, Object... arguments) {
    out().println(String.format(Locale.ROOT, format, arguments));
    out().flush();
  }

  private CommandSpec line() {
    if (spec == null) {
      throw new BadInputException("This command runs from a command line only; use it there.");
    }
    return spec;
  }
}
