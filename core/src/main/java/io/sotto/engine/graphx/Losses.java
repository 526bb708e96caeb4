package io.sotto.engine.graphx;

import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockManagerRemoved;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** Counts the executors that Spark reports as lost. */
final class Losses extends SparkListener implements AutoCloseable {
  private final JavaSparkContext spark;
  private long count;

  Losses(JavaSparkContext spark) {
    this.spark = spark;
    spark.sc().addSparkListener(this);
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    count++;
  }

  @Override
  public synchronized void onBlockManagerRemoved(SparkListenerBlockManagerRemoved removed) {
    count++;
  }

  /** How many losses are known by now. */
  synchronized long known() {
    return count;
  }

  /** The same, after all events that Spark has queued were processed. */
  long all() {
    try {
      spark.sc().listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      // other listeners are slow, and who asks looks at the blocks themselves next
      return known();
    }
    return known();
  }

  @Override
  public void close() {
    spark.sc().removeSparkListener(this);
  }
}
