package io.sotto.bench;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark in this process, with the settings that every command of Sotto starts from. */
final class SparkLocal {
  private SparkLocal() {}

  /** A context over {@code local[threads]}. */
  static JavaSparkContext open(int threads) {
    return open(threads, new SparkConf());
  }

  /** A context over {@code local[threads]} with settings on top. */
  static JavaSparkContext open(int threads, SparkConf conf) {
    return new JavaSparkContext(
        conf.setMaster("local[" + threads + "]")
            .setAppName("Sotto bench")
            .setIfMissing("spark.log.level", "ERROR")
            .setIfMissing("spark.driver.host", "127.0.0.1")
            .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
            .setIfMissing("spark.ui.enabled", "false")
            // from here on as JobCommand has it
            .setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0")
            .setIfMissing("spark.cleaner.periodicGC.interval", "5min")
            .setIfMissing("spark.driver.maxResultSize", "0")
            .setIfMissing("spark.shuffle.compress", "false")
            .setIfMissing("spark.ui.retainedJobs", "100")
            .setIfMissing("spark.ui.retainedStages", "100")
            .setIfMissing("spark.ui.retainedTasks", "1000")
            .setIfMissing("spark.ui.showConsoleProgress", "false"));
  }
}
