package io.sotto.engine.graphx;

import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.storage.BlockUpdatedInfo;

/** Counts what tasks shuffle and send to the driver, between two readings. */
final class Traffic extends SparkListener {
  private final JavaSparkContext spark;
  private long jobs;
  private long shuffled;
  private long results;
  private long carried;

  /**
   * What was counted.
   *
   * @param jobs jobs that began
   * @param shuffled bytes written to shuffles
   * @param results bytes of results that tasks sent to the driver
   * @param carried bytes broadcast to tasks: what each stage carries, and all else
   */
  record Reading(long jobs, long shuffled, long results, long carried) {}

  Traffic(JavaSparkContext spark) {
    this.spark = spark;
    spark.sc().addSparkListener(this);
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart start) {
    jobs++;
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    TaskMetrics metrics = end.taskMetrics();
    shuffled += metrics.shuffleWriteMetrics().bytesWritten();
    results += metrics.resultSize();
  }

  @Override
  public synchronized void onBlockUpdated(SparkListenerBlockUpdated updated) {
    BlockUpdatedInfo block = updated.blockUpdatedInfo();
    if (block.blockId().isBroadcast() && block.storageLevel().isValid()) {
      carried += block.memSize();
    }
  }

  /** What was counted since the last reading. */
  Reading read() throws TimeoutException {
    spark.sc().listenerBus().waitUntilEmpty();
    synchronized (this) {
      Reading reading = new Reading(jobs, shuffled, results, carried);
      jobs = 0;
      shuffled = 0;
      results = 0;
      carried = 0;
      return reading;
    }
  }
}
