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

  private final DFSInotifyEventInputStream events;

  HeardCheckpoints(DistributedFileSystem hdfs) throws IOException {
    events = hdfs.getInotifyEventStream();
  }

  /** Waits for the next one, and returns its folder. */
  Path next() throws Exception {
    while (true) {
      EventBatch batch = events.poll(SECONDS, TimeUnit.SECONDS);
      if (batch == null) {
        throw new IOException("no checkpoint was heard of in %d s".formatted(SECONDS));
      }
      for (Event event : batch.getEvents()) {
        if (event instanceof Event.RenameEvent renamed
            && renamed.getDstPath().endsWith("/manifest.json")) {
          return new Path(renamed.getDstPath()).getParent();
        }
      }
    }
  }
}
