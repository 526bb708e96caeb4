package io.sotto.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.ipc.RemoteException;

/**
 * Waits for HDFS, which takes no writes as long as it is in safe mode, such as after its start. It
 * tells nobody when it leaves that, so it is asked again and again.
 *
 * @param most how long
 * @param told takes sentences for the console
 * @param ended counted down when the run is ended, so that it waits no longer
 */
record SafeMode(Duration most, Consumer<String> told, CountDownLatch ended) {
  private static final String NAME = "org.apache.hadoop.hdfs.server.namenode.SafeModeException";
  private static final String RETRIABLE = "org.apache.hadoop.ipc.RetriableException";
  private static final long PAUSE_MILLIS = 2_000;
  private static final Duration TELL_EVERY = Duration.ofMinutes(1);

  /** What needs writes. */
  interface Work {
    /** Does it; called again after a failure by safe mode. */
    void run() throws IOException;
  }

  /** Does work as soon as HDFS takes writes. */
  void outlast(Work work) throws IOException {
    long start = System.nanoTime();
    Duration last = null;
    while (true) {
      try {
        work.run();
        return;
      } catch (IOException e) {
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (!isCauseOf(e) || waited.compareTo(most) >= 0) {
          throw e;
        }
        if (last == null) {
          told.accept(
              "HDFS is in safe mode and takes no writes; waiting for at most %s (output.wait)"
                  .formatted(words(most)));
          last = waited;
        } else if (waited.minus(last).compareTo(TELL_EVERY) >= 0) {
          told.accept("HDFS is still in safe mode after %s".formatted(words(waited)));
          last = waited;
        }
      }
      pause();
    }
  }

  private void pause() throws IOException {
    try {
      if (ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException("the run was ended from outside");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while HDFS was in safe mode");
    }
  }

  private static String words(Duration duration) {
    return duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
  }

  /** Whether something failed because HDFS is in safe mode. */
  static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String name =
          cause instanceof RemoteException remote
              ? remote.getClassName()
              : cause.getClass().getName();
      if (NAME.equals(name)
          || (RETRIABLE.equals(name) && String.valueOf(cause.getMessage()).contains(NAME))) {
        return true;
      }
    }
    return false;
  }
}
