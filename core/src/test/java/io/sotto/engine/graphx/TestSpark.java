package io.sotto.engine.graphx;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark with two threads in this process. */
final class TestSpark {
  private TestSpark() {}

  static JavaSparkContext start(String name) {
    return new JavaSparkContext(
        new SparkConf()
            .setMaster("local[2]")
            .setAppName(name)
            .set("spark.ui.enabled", "false")
            .set("spark.log.level", "ERROR")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.shuffle.compress", "false") // so that bytes can be counted
            .set("spark.broadcast.compress", "false"));
  }
}
