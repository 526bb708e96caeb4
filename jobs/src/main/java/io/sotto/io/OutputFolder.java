package io.sotto.io;

import static org.apache.hadoop.fs.CommonConfigurationKeysPublic.SERVICE_SHUTDOWN_TIMEOUT;
import static org.apache.hadoop.fs.CommonConfigurationKeysPublic.SERVICE_SHUTDOWN_TIMEOUT_DEFAULT;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * The folder of a result. Everything is written into a writing folder beside it, {@code _SUCCESS}
 * last. Then the writing folder takes the place of the result by renames. If anything fails before,
 * an earlier result stays. If a run is killed, the earlier or the new result is there, or the next
 * run restores one: {@link Leftovers}.
 */
public final class OutputFolder implements AutoCloseable {
  private static final String DATA = "data.path";

  /** A table by its format and where it is. */
  private static final Pattern TABLE = Pattern.compile("[\\w.]+\\.`(.+)`");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * Where renaming a folder is one step. On others, such as object stores, it copies and deletes.
   */
  private static final Set<String> RENAMING = Set.of("file", "hdfs", "viewfs", "webhdfs", "ofs");

  private final Configuration hadoop;
  private final FileSystem system;
  private final String path;
  private final Path target;
  private final String run = WritingFolder.newRun();
  private final WritingFolder beside;
  private final Path aside;
  private final Leftovers leftovers;
  private final boolean overwrite;
  private final ResultPermissions permissions;
  private final boolean atomic;
  private final OutputLock lock;
  private final Runnable atExit = this::endAll;
  private boolean locked;
  private boolean ended;

  /** The same for its owner alone. */
  public OutputFolder(String path, boolean overwrite, Configuration hadoop) throws IOException {
    this(path, overwrite, "rwx------", hadoop);
  }

  /**
   * Looks at nothing and writes nothing yet.
   *
   * @param permissions of the folder when it is published, such as {@code rwxr-x---}; until then it
   *     is for its owner alone
   * @throws BadInputException if the path cannot be the place of a result
   */
  public OutputFolder(String path, boolean overwrite, String permissions, Configuration hadoop)
      throws IOException {
    this.permissions = new ResultPermissions(permissions);
    this.hadoop = hadoop;
    this.overwrite = overwrite;
    this.path = path;
    HadoopPath place = HadoopPath.of("output.path", path, hadoop);
    this.system = place.system();
    system.setWriteChecksum(false); // no .crc files beside the results on file:
    this.target = system.makeQualified(place.path());
    if (target.getParent() == null) {
      throw new BadInputException(
          "output.path is '%s', which is a root; choose a folder in it.".formatted(path));
    }
    this.beside = new WritingFolder(target);
    this.aside = beside.writing(run);
    this.leftovers = new Leftovers(system, target);
    this.atomic = RENAMING.contains(target.toUri().getScheme());
    this.lock = new OutputLock(system, beside, run, atomic);
  }

  /**
   * Keeps other runs from the place until this is closed, completes the publishing of an earlier
   * run that was killed, and refuses a place that holds something that may not be replaced.
   *
   * @param wait for how long HDFS may be in safe mode
   * @param told takes sentences about that
   * @throws BadInputException if another run has the place, or it may not be overwritten
   */
  public void lock(Duration wait, Consumer<String> told) throws IOException {
    synchronized (this) {
      locked = true;
    }
    // after Spark has stopped, before Hadoop closes its file systems
    // with its time, which Hadoop would read all its defaults anew for
    ShutdownHookManager.get()
        .addShutdownHook(
            atExit,
            FileSystem.SHUTDOWN_HOOK_PRIORITY + 1,
            hadoop.getTimeDuration(
                SERVICE_SHUTDOWN_TIMEOUT, SERVICE_SHUTDOWN_TIMEOUT_DEFAULT, TimeUnit.SECONDS),
            TimeUnit.SECONDS);
    try {
      new SafeMode(wait, told, lock.ended()).outlast(lock::take);
      leftovers.recover();
    } catch (IOException e) {
      throw failed("cannot be written", e);
    }
    check();
  }

  /** Whether this run still has the lock: nobody has taken it over or deleted it. */
  public boolean holdsLock() throws IOException {
    return lock.isOwn();
  }

  /** Names this run: host, process, the millisecond in which that began, and a random part. */
  public String run() {
    return run;
  }

  /**
   * Refuses a place that holds something that may not be replaced. Writes nothing.
   *
   * @throws BadInputException if the place is taken and may not be overwritten
   */
  public void check() throws IOException {
    try {
      if (!system.exists(target)) {
        return;
      }
      if (!overwrite) {
        throw new BadInputException(
            "output.path is '%s', which exists; choose another, or set output.overwrite = true."
                .formatted(path));
      }
      String foreign = EarlierFiles.foreign(system, target);
      if (!foreign.isEmpty()) {
        throw new BadInputException(
            ("output.path is '%s', which %s. output.overwrite replaces only an empty folder or an"
                    + " earlier result. Choose another path, or move it away.")
                .formatted(path, foreign));
      }
    } catch (IOException e) {
      throw failed("cannot be looked at", e);
    }
  }

  /** An exception that names the key and the place. */
  IOException failed(String what, Throwable e) {
    return IoFailure.at("output.path is '%s', which %s".formatted(path, what), e);
  }

  /**
   * Refuses to replace a folder that holds an input.
   *
   * @param inputs URIs of files, and names of tables
   * @throws BadInputException if an input is the place of the result, or in it
   */
  public void spareInputs(List<String> inputs) {
    for (String input : inputs) {
      Matcher table = TABLE.matcher(input);
      HadoopPath place = table.matches() ? HadoopPath.of(DATA, table.group(1), hadoop) : null;
      Path inside = place == null ? new Path(input) : place.system().makeQualified(place.path());
      for (Path up = inside; up != null; up = up.getParent()) {
        if (up.equals(target)) {
          throw new BadInputException(
              "output.path is '%s', which holds the input %s; choose another folder."
                  .formatted(target, input));
        }
      }
    }
  }

  /**
   * Makes the folder to write into, and removes those that dead runs left. The lock is to be held.
   */
  public synchronized void open() throws IOException {
    if (!locked) {
      throw new IllegalStateException("the output is not locked");
    }
    try {
      if (!OwnerOnly.makeFolder(system, aside)) {
        throw new IOException("the folder %s cannot be made".formatted(aside));
      }
      leftovers.sweep(run, lock);
    } catch (IOException e) {
      throw failed("cannot be written", e);
    }
  }

  /** How its file system is reached. */
  Configuration hadoop() {
    return hadoop;
  }

  /** Where a part of the result is to be written. */
  public String part(String name) {
    return new Path(aside, name).toString();
  }

  /** Writes a part as JSON. */
  public void json(String name, Map<String, ?> content) throws IOException {
    text(name, JSON.writeValueAsString(content) + "\n");
  }

  /** Opens a part to be written. */
  OutputStream create(String name) throws IOException {
    return system.create(new Path(aside, name));
  }

  /** Writes a part as text. */
  public void text(String name, String content) throws IOException {
    try (OutputStream out = system.create(new Path(aside, name))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | FSError e) {
      throw failed("cannot be written", e);
    }
  }

  /**
   * Makes a folder, and those above it up to that of the result, that their owner alone may enter.
   *
   * @return false if the file system cannot keep others out; then there is no such folder
   */
  public boolean ownerFolder(String name) throws IOException {
    return ownerFolder(new Path(aside, name));
  }

  private boolean ownerFolder(Path folder) throws IOException {
    if (folder.equals(aside) || system.exists(folder)) {
      return true;
    }
    if (!ownerFolder(folder.getParent())) {
      return false;
    }
    if (!OwnerOnly.makeFolder(system, folder)) {
      throw new IOException("cannot make the folder " + folder);
    }
    if (ownerOnly(folder)) {
      return true;
    }
    system.delete(folder, true);
    return false;
  }

  private boolean ownerOnly(Path path) throws IOException {
    return OwnerOnly.holds(system.getFileStatus(path));
  }

  /** Writes a part as text that its owner alone may read, in folders that are his alone. */
  public void ownerText(String name, String content) throws IOException {
    Path file = new Path(aside, name);
    if (!ownerFolder(file.getParent())) {
      throw new IOException("others than the owner may enter " + file.getParent());
    }
    try (OutputStream out = OwnerOnly.create(system, file, false)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    if (!ownerOnly(file)) {
      system.delete(file, false);
      throw new IOException("others than the owner may read " + file);
    }
  }

  /**
   * Puts the writing folder in the place of the result. Where renaming is one step, the earlier
   * result is moved away first, and removed when the new one stands: whatever is killed in between
   * is mended by {@link Leftovers#recover}. Elsewhere the earlier result is deleted, and {@code
   * _SUCCESS} is written when all has been copied, so that it stands beside a whole result only.
   */
  public synchronized void publish() throws IOException {
    if (ended) {
      throw new IOException("the run was ended from outside; nothing was published");
    }
    spareOthers();
    try {
      boolean taken = system.exists(target);
      if (taken && (!overwrite || !EarlierFiles.foreign(system, target).isEmpty())) {
        throw new BadInputException(
            "output.path is '%s', which was made during the run; the result is in '%s'."
                .formatted(target, late()));
      }
      if (atomic) {
        success(aside);
        replace(taken);
      } else {
        leftovers.remove(target);
        rename(aside, target);
        success(target);
      }
      ended = true;
    } catch (IOException e) {
      throw failed("cannot be written", e);
    }
  }

  /** A run that was thought dead, or whose lock was deleted, leaves the place alone. */
  private void spareOthers() throws IOException {
    Path late;
    try {
      if (lock.isOwn()) {
        return;
      }
      late = late();
    } catch (IOException e) {
      throw failed("cannot be written", e);
    }
    throw IoFailure.told(
        ("output.path is '%s', whose lock was deleted or taken over by another run, as if this one"
                + " were dead; the result is in '%s'. Use it from there, or run again.")
            .formatted(target, late));
  }

  private void replace(boolean taken) throws IOException {
    Path old = beside.old(run);
    if (taken) {
      rename(target, old);
    }
    try {
      rename(aside, target);
    } catch (IOException e) {
      if (system.exists(aside) || !system.exists(target)) { // not put in place by another run
        if (taken && !system.exists(target)) {
          rename(old, target);
        }
        throw e;
      }
    }
    if (taken) {
      leftovers.remove(old);
    }
  }

  /** Keeps the result beside a place that is not this run's any more. */
  private Path late() throws IOException {
    Path late = new Path(target.getParent(), target.getName() + ".late." + run);
    success(aside);
    rename(aside, late);
    ended = true;
    return late;
  }

  private void success(Path folder) throws IOException {
    system.create(new Path(folder, Leftovers.SUCCESS)).close();
    permissions.set(system, folder);
  }

  private void rename(Path from, Path to) throws IOException {
    if (system.exists(to) || !system.rename(from, to)) {
      throw new IOException("cannot rename %s to %s".formatted(from, to));
    }
  }

  /** At the end of the process, be it by SIGTERM: waits for a publishing that has begun. */
  private synchronized void endAll() {
    if (!ended) {
      ended = true;
      leftovers.remove(aside);
    }
    lock.release();
  }

  /**
   * Removes what was written and not published, but not a result that only found its place taken,
   * and gives the lock back.
   */
  @Override
  public synchronized void close() throws IOException {
    if (locked) {
      endAll();
      if (!ShutdownHookManager.get().isShutdownInProgress()) {
        ShutdownHookManager.get().removeShutdownHook(atExit);
      }
    }
  }
}
