package io.sotto.bench;

import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.storage.BlockUpdatedInfo;

/** Adds up what tasks write to shuffles, and what stages carry to them. */
final class ShuffleCounter extends SparkListener {
  private long bytes;
  private long carried;

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    bytes += end.taskMetrics().shuffleWriteMetrics().bytesWritten();
  }

  @Override
  public synchronized void onBlockUpdated(SparkListenerBlockUpdated updated) {
    BlockUpdatedInfo block = updated.blockUpdatedInfo();
    if (block.blockId().isBroadcast() && block.storageLevel().isValid()) {
      carried += block.memSize();
    }
  }

  /** What stages carried since the last reading. */
  long carried(JavaSparkContext spark) throws TimeoutException {
    spark.sc().listenerBus().waitUntilEmpty();
    synchronized (this) {
      long read = carried;
      carried = 0;
      return read;
    }
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
