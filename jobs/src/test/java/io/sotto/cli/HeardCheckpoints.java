package io.sotto.cli;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DFSInotifyEventInputStream;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.inotify.Event;
import org.apache.hadoop.hdfs.inotify.EventBatch;

/** Hears from HDFS of each checkpoint that becomes whole, from now on. */
final class HeardCheckpoints {
  private static final long SECONDS = 120;

  /** HDFS is asked ever more rarely within a poll, so that these are short. */
  private static final long POLL_MILLIS = 200;

  private final DFSInotifyEventInputStream events;

  HeardCheckpoints(DistributedFileSystem hdfs) throws IOException {
    events = hdfs.getInotifyEventStream();
  }

  /** Waits for the next one, and returns its folder. */
  Path next() throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < until) {
      EventBatch batch = events.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
      if (batch == null) {
        continue;
      }
      for (Event event : batch.getEvents()) {
        if (event instanceof Event.RenameEvent renamed
            && renamed.getDstPath().endsWith("/manifest.json")) {
          return new Path(renamed.getDstPath()).getParent();
        }
      }
    }
    throw new IOException("no checkpoint was heard of in %d s".formatted(SECONDS));
  }
}
