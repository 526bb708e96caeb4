package io.sotto.cli;

import io.sotto.config.ConfigLoader;
import io.sotto.config.HadoopTexts;
import io.sotto.config.RunConfig;
import io.sotto.io.Rejected;
import io.sotto.problem.BadInputException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command over a configuration, in a Spark session of its own. */
abstract class JobCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "CONF", description = "The configuration: any Hadoop URI.")
  private String file = "";

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "What to set in place of what the configuration says.")
  private List<String> overrides = List.of();

  /** Does the work. */
  abstract int run(RunConfig config, SparkSession spark) throws Exception;

  @Override
  public Integer call() throws Exception {
    SparkConf conf = new SparkConf();
    ConfigLoader.Loaded loaded =
        ConfigLoader.load(
            file, overrides, new HadoopTexts(SparkHadoopUtil.get().newConfiguration(conf)));
    loaded.warnings().forEach(this::warn);
    try (SparkSession spark = session(conf)) {
      return run(loaded.config(), spark);
    }
  }

  private SparkSession session(SparkConf conf) {
    return SparkSession.builder()
        .appName("Sotto " + file)
        .config(
            conf.setIfMissing("spark.master", "local[*]")
                // the Kryo that Spark brings cannot write records
                .set("spark.serializer", JavaSerializer.class.getName())
                .setIfMissing("spark.log.level", "WARN")
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

  /** Says how many rows were left out, and the most frequent reasons. */
  final void sayLeftOut(Rejected rejected) {
    if (rejected.count() > 0) {
      say("%s rows were left out: %s", Text.count(rejected.count()), rejected.words());
    }
  }

  private CommandSpec line() {
    if (spec == null) {
      throw new BadInputException("This command runs from a command line only; use it there.");
    }
    return spec;
  }
}
