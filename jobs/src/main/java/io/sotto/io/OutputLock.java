package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the place of a result to one run at a time. {@code .NAME.lock} holds the run that made it.
 * Who takes it over from a dead run D makes {@code .NAME.taken.D}, which holds the next run, and so
 * on: the last of this chain has the lock. Files are only made where there is none, and never
 * changed, so that of two runs that take over at once one has the lock. A run that has it is heard
 * of by the time of {@code .NAME.beat.RUN}.
 */
final class OutputLock {
  /** A run of another host that has not been heard of for so long is dead. */
  static final long DEAD_MILLIS = TimeUnit.MINUTES.toMillis(2);

  private static final long BEAT_MILLIS = DEAD_MILLIS / 6;
  private static final int TRIES = 20;
  private static final int LONGEST = 1 << 12; // of what a lock says
  private static final Logger LOG = LoggerFactory.getLogger(OutputLock.class);

  private final FileSystem system;
  private final WritingFolder names;
  private final String run;
  private final boolean local;
  private final boolean renames;
  private final List<Path> made = new ArrayList<>();
  private @Nullable ScheduledExecutorService heartbeat;
  private boolean begun;
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Writes nothing yet.
   *
   * @param renames whether renaming is one step that fails where something is
   */
  OutputLock(FileSystem system, WritingFolder names, String run, boolean renames) {
    this.system = system;
    this.names = names;
    this.run = run;
    this.local = "file".equals(names.target().toUri().getScheme());
    this.renames = renames;
  }

  /**
   * A run in the chain.
   *
   * @param run which
   * @param since when it was named, by the clock of the file system
   */
  private record Holder(String run, long since) {}

  /**
   * Takes the lock, and says from now on that this run lives.
   *
   * @throws BadInputException if another run has it that lives
   */
  synchronized void take() throws IOException {
    if (isEnded()) {
      throw new IOException("the run was ended from outside");
    }
    begun = true;
    try {
      begin();
      claim();
    } catch (IOException e) {
      begun = !SafeMode.isCauseOf(e); // then nothing was written
      throw e;
    }
    heartbeat =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "output-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    heartbeat.scheduleWithFixedDelay(this::goOn, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Makes the folder, and says there that this run lives. */
  private void begin() throws IOException {
    for (int attempt = 1; ; attempt++) {
      List<Path> missing = new ArrayList<>();
      Path up = names.target().getParent();
      while (up != null && !system.exists(up)) {
        missing.add(up);
        up = up.getParent();
      }
      made.addAll(missing);
      try {
        if (!missing.isEmpty() && !system.mkdirs(missing.get(0))) {
          throw new IOException("the folder %s cannot be made".formatted(missing.get(0)));
        }
        beat();
        return;
      } catch (IOException e) {
        if (!local || attempt == TRIES) {
          throw e;
        }
        LOG.debug("{} may have been removed by a run that had made it", up, e);
      }
    }
  }

  private void claim() throws IOException {
    Path claimed = null;
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      List<Holder> chain = chain();
      Holder last = chain.isEmpty() ? null : chain.get(chain.size() - 1);
      if (last != null && last.run().equals(run)) {
        return;
      }
      if (claimed != null) { // the lock was given back since it was looked at
        system.delete(claimed, false);
      }
      if (last != null && isAlive(last)) {
        throw refused(last);
      }
      // looked at again after that: others may have been faster
      Path next = last == null ? names.lock() : names.taken(last.run());
      claimed = make(next) && last != null ? next : null;
      if (last != null && claimed != null) {
        LOG.warn("The lock {} was left by a run that is dead ({})", names.lock(), last.run());
      }
    }
    throw new IOException("the lock %s cannot be taken".formatted(names.lock()));
  }

  /** All that have had the lock since it was made, the present one last. */
  private List<Holder> chain() throws IOException {
    List<Holder> chain = new ArrayList<>();
    Holder holder = holder(names.lock());
    Set<String> runs = new HashSet<>(); // a file that was put there may name one again
    while (holder != null && runs.add(holder.run())) {
      chain.add(holder);
      holder = holder(names.taken(holder.run()));
    }
    return chain;
  }

  private @Nullable Holder holder(Path file) throws IOException {
    try (InputStream in = system.open(file)) {
      long since = system.getFileStatus(file).getModificationTime();
      String text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
      // it was killed, or is about to write
      return new Holder(WritingFolder.isRun(text) ? text : "~" + since, since);
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  private boolean isAlive(Holder holder) throws IOException {
    return WritingFolder.isElsewhere(holder.run())
        ? silent(holder.run(), holder.since()) <= DEAD_MILLIS
        : WritingFolder.isRunning(holder.run());
  }

  /**
   * For how many milliseconds nothing has been heard of a run, by the clock of the file system.
   *
   * @param since when it was heard of at least
   */
  long silent(String of, long since) throws IOException {
    long now = system.getFileStatus(names.beat(run)).getModificationTime();
    try {
      since = Math.max(since, system.getFileStatus(names.beat(of)).getModificationTime());
    } catch (FileNotFoundException e) {
      LOG.debug("{} has no heartbeat", of); // it has ended, or its file was deleted
    }
    return now - since;
  }

  private BadInputException refused(Holder holder) throws IOException {
    return new BadInputException(
        ("output.path is '%s', which another run has locked: %s, last heard of %,d s ago. Wait"
                + " until it has ended, or choose another output.path. If that process is surely"
                + " gone, delete the file %s.")
            .formatted(
                names.target(),
                WritingFolder.words(holder.run()),
                Math.max(0, silent(holder.run(), holder.since()) / 1_000),
                names.lock()));
  }

  /**
   * Makes a file that holds this run.
   *
   * @return false if there is one
   */
  private boolean make(Path file) throws IOException {
    if (local) { // Hadoop's own create looks first, and then creates
      try {
        Files.writeString(nio(file), run, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (IOException e) {
        Files.deleteIfExists(nio(file)); // it is empty
        throw e;
      }
    }
    if (!renames) {
      try {
        write(file, false);
        return true;
      } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
        return false;
      }
    }
    // so that nobody ever sees it empty
    Path claim = names.claim(run);
    write(claim, true);
    if (!system.exists(file) && system.rename(claim, file)) {
      return true;
    }
    system.delete(claim, false);
    return false;
  }

  private void write(Path file, boolean overwrite) throws IOException {
    try (OutputStream out = system.create(file, overwrite)) {
      out.write(run.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Gives the heartbeat the time of now. */
  private void beat() throws IOException {
    Path file = names.beat(run);
    if (local) {
      Files.writeString(nio(file), run);
    } else {
      system.create(file, true).close();
    }
  }

  private synchronized void goOn() {
    if (isEnded()) {
      return;
    }
    try {
      beat();
    } catch (IOException e) {
      LOG.warn("Could not touch {} ({})", names.beat(run), IoFailure.why(e));
    }
  }

  /** Counted down when the lock is given back. */
  CountDownLatch ended() {
    return ended;
  }

  private boolean isEnded() {
    return ended.getCount() == 0;
  }

  /** Whether this run still has the lock: nobody has taken it over or deleted it. */
  boolean isOwn() throws IOException {
    List<Holder> chain = chain();
    return !chain.isEmpty() && chain.get(chain.size() - 1).run().equals(run);
  }

  /** Who had the lock since it was made; the files that name others are of no use any more. */
  Set<String> holders() throws IOException {
    Set<String> runs = new HashSet<>();
    chain().forEach(holder -> runs.add(holder.run()));
    return runs;
  }

  /** Gives the lock back, and removes what it took: folders too, if nothing is in them. */
  synchronized void release() {
    ended.countDown();
    if (heartbeat != null) {
      heartbeat.shutdownNow();
    }
    if (!begun) {
      return;
    }
    begun = false;
    try {
      List<Holder> chain = chain();
      if (!chain.isEmpty() && chain.get(chain.size() - 1).run().equals(run)) {
        system.delete(names.lock(), false); // first: what names the next ones means nothing then
        for (Holder holder : chain) {
          system.delete(names.taken(holder.run()), false);
        }
      }
      system.delete(names.claim(run), false);
      system.delete(names.beat(run), false);
      for (Path folder : made) {
        if (!system.exists(folder) || system.listStatus(folder).length > 0 || !remove(folder)) {
          return;
        }
      }
    } catch (IOException e) {
      LOG.warn(
          "Could not remove {} ({}); it can be deleted when this process has ended",
          names.lock(),
          IoFailure.why(e));
    }
  }

  private boolean remove(Path folder) throws IOException {
    if (!local) {
      return system.delete(folder, false);
    }
    try { // Hadoop's own delete looks first, and then deletes whatever is in it
      return Files.deleteIfExists(nio(folder));
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  private static java.nio.file.Path nio(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }
}
