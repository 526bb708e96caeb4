package io.sotto.engine.graphx;

import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockManagerRemoved;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** Counts what Spark says of processes that are gone. */
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

  /** How many so far, of those that are known by now. */
  synchronized long known() {
    return count;
  }

  /** The same, once all that Spark has to say has been heard. */
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
