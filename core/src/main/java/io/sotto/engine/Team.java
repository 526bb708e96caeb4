package io.sotto.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share out the cells of a superstep with the caller. Waking a thread takes as long as
 * a small superstep, on a virtual machine longer; so between supersteps, which follow one another
 * at once, they look out for the next for a moment before they sleep.
 */
final class Team implements AutoCloseable {
  /**
   * Longer than the cells of one superstep mostly differ. A helper that sleeps wakes late, does
   * less, and would sleep again before the next superstep: so it went when this was shorter.
   */
  private static final long LOOK_NANOS = 5_000_000;

  private final Helper[] helpers;
  private volatile Round round = new Round(0, task -> {}, Thread.currentThread());
  private volatile boolean closed;

  /** Tasks 0 ... count - 1, each done once, by whoever comes first. */
  private static final class Round {
    private final int count;
    private final IntConsumer work;
    private final Thread caller;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    Round(int count, IntConsumer work, Thread caller) {
      this.count = count;
      this.work = work;
      this.caller = caller;
    }

    void help() {
      for (int task = next.getAndIncrement(); task < count; task = next.getAndIncrement()) {
        try {
          work.accept(task);
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          if (done.incrementAndGet() == count) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    boolean isDone() {
      return done.get() >= count;
    }
  }

  private final class Helper extends Thread {
    private volatile boolean asleep;

    Helper() {
      super("sotto-cell");
      setDaemon(true);
    }

    @Override
    public void run() {
      Round last = round;
      long since = System.nanoTime();
      while (!closed) {
        Round now = round;
        if (now != last) {
          now.help();
          last = now;
          since = System.nanoTime();
        } else if (System.nanoTime() - since < LOOK_NANOS) {
          Thread.onSpinWait();
        } else {
          asleep = true;
          if (round == last && !closed) {
            LockSupport.park(this);
          }
          asleep = false;
          since = System.nanoTime();
        }
      }
    }

    void wake() {
      if (asleep) {
        LockSupport.unpark(this);
      }
    }
  }

  /**
   * Starts threads.
   *
   * @param size how many work at once, the caller among them
   */
  Team(int size) {
    helpers = new Helper[size - 1];
    for (int k = 0; k < helpers.length; k++) {
      helpers[k] = new Helper();
      helpers[k].start();
    }
  }

  /** Does all tasks, and returns when the last is done; fails if one did. */
  void run(int count, IntConsumer work) {
    Round mine = new Round(count, work, Thread.currentThread());
    round = mine;
    for (Helper helper : helpers) {
      helper.wake();
    }
    mine.help();
    long since = System.nanoTime();
    while (!mine.isDone()) {
      if (System.nanoTime() - since < LOOK_NANOS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
    if (mine.failure instanceof RuntimeException e) {
      throw e;
    }
    if (mine.failure instanceof Error e) {
      throw e;
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
