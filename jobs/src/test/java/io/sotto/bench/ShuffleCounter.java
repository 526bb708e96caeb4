package io.sotto.bench;

import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Adds up what tasks write to shuffles. */
final class ShuffleCounter extends SparkListener {
  private long bytes;

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    bytes += end.taskMetrics().shuffleWriteMetrics().bytesWritten();
  }

  /** What was written since the last reading. */
  long read(JavaSparkContext spark) throws TimeoutException {
    spark.sc().listenerBus().waitUntilEmpty();
    synchronized (this) {
      long read = bytes;
      bytes = 0;
      return read;
    }
  }
}
