package io.sotto.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Lets a run end by itself when its process gets SIGTERM or SIGINT: from then on it answers true,
 * and Spark and the file systems stay open until the run has saved a checkpoint and is closed, or
 * for eight seconds. Whatever Spark does for longer than four seconds is cancelled.
 */
final class Interruption implements BooleanSupplier, AutoCloseable {
  /** Before Spark stops, which it does at a priority of 30 above that of file systems. */
  private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 60;

  private static final long PATIENT_SECONDS = 4;
  private static final long THEN_SECONDS = 4;

  private final Runnable cancel;
  private final Runnable giveUp;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable atExit = this::interrupt;
  private volatile boolean asked;

  /**
   * From now on.
   *
   * @param cancel ends what takes too long
   * @param giveUp is called if it still goes on when the process ends
   */
  Interruption(Runnable cancel, Runnable giveUp) {
    this.cancel = cancel;
    this.giveUp = giveUp;
    ShutdownHookManager.get()
        .addShutdownHook(atExit, PRIORITY, 2 * (PATIENT_SECONDS + THEN_SECONDS), TimeUnit.SECONDS);
  }

  private void interrupt() {
    asked = true;
    try {
      if (!ended.await(PATIENT_SECONDS, TimeUnit.SECONDS)) {
        cancel.run();
        if (!ended.await(THEN_SECONDS, TimeUnit.SECONDS)) {
          giveUp.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean getAsBoolean() {
    return asked;
  }

  /** The run has ended, in whatever way. */
  @Override
  public void close() {
    ended.countDown();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(atExit);
    }
  }
}
