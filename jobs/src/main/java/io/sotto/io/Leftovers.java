package io.sotto.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles what runs that were killed left beside a result.
 *
 * @param system where it is
 * @param target the result
 */
record Leftovers(FileSystem system, Path target) {
  static final String SUCCESS = "_SUCCESS";

  /**
   * What a run of another host wrote is kept for so long after it was last heard of: a run that has
   * lost its lock may still live, and puts its result elsewhere.
   */
  static final long KEEP_MILLIS = TimeUnit.HOURS.toMillis(1);

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  /**
   * Completes a publishing that was killed after it had moved the earlier result away: it puts the
   * new result in place if that is complete, else the earlier one. Does nothing if there is a
   * result.
   */
  void recover() throws IOException {
    List<String> runs = runs(names()::runOld);
    if (runs.isEmpty() || system.exists(target)) {
      return;
    }
    for (String run : runs) {
      for (Path candidate : List.of(names().writing(run), names().old(run))) {
        if (system.exists(new Path(candidate, SUCCESS)) && system.rename(candidate, target)) {
          LOG.warn("{} was missing: a run was killed. {} is in its place now", target, candidate);
          return;
        }
      }
    }
  }

  /**
   * Removes what dead runs left: folders that they wrote into, results that have been replaced, and
   * what is of no use any more of their locks.
   *
   * @param own this run
   * @param lock which it has
   */
  void sweep(String own, OutputLock lock) throws IOException {
    if (system.exists(new Path(target, SUCCESS))) {
      for (String run : runs(names()::runOld)) {
        remove(names().old(run));
      }
    }
    for (String run : runs(names()::runWriting)) {
      if (!run.equals(own) && isDead(run, names().writing(run), lock)) {
        remove(names().writing(run));
      }
    }
    for (String run : runs(names()::runBeating)) {
      if (!run.equals(own) && isDead(run, names().beat(run), lock)) {
        system.delete(names().beat(run), false);
      }
    }
    Set<String> holders = lock.holders();
    for (String run : runs(names()::runTaken)) {
      if (!holders.contains(run)) {
        system.delete(names().taken(run), false);
      }
    }
  }

  private boolean isDead(String run, Path left, OutputLock lock) throws IOException {
    try {
      return WritingFolder.isElsewhere(run)
          ? lock.silent(run, system.getFileStatus(left).getModificationTime()) > KEEP_MILLIS
          : !WritingFolder.isRunning(run);
    } catch (FileNotFoundException e) {
      return false; // it has been published or removed since
    }
  }

  /** Removes a folder; one that was complete is marked as not complete first. */
  void remove(Path folder) {
    try {
      system.delete(new Path(folder, SUCCESS), false);
      system.delete(folder, true);
    } catch (IOException e) {
      LOG.warn("Could not remove {} ({}); it can be deleted", folder, IoFailure.why(e));
    }
  }

  private WritingFolder names() {
    return new WritingFolder(target);
  }

  private List<String> runs(UnaryOperator<String> run) throws IOException {
    List<String> runs = new ArrayList<>();
    try {
      for (FileStatus status : system.listStatus(target.getParent())) {
        String of = run.apply(status.getPath().getName());
        if (!of.isEmpty()) {
          runs.add(of);
        }
      }
    } catch (FileNotFoundException e) {
      return List.of(); // nothing has ever been written there
    }
    return runs;
  }
}
