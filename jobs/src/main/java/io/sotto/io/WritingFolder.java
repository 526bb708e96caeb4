package io.sotto.io;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.net.NetUtils;

/**
 * The names beside a result: {@code .NAME.writing.RUN} is where a run writes, {@code .NAME.old.RUN}
 * is what it replaces; the others are of {@link OutputLock}. RUN says which process it is, so that
 * others can tell whether it still runs.
 *
 * @param target the result
 */
record WritingFolder(Path target) {
  private static final String WRITING = "writing";
  private static final String OLD = "old";
  private static final String BEAT = "beat";
  private static final String TAKEN = "taken";

  /** Host, process, the millisecond in which that began, and a random part. */
  private static final Pattern RUN =
      Pattern.compile("([\\w-]+)\\.(\\d+)\\.(-?\\d+)\\.\\p{XDigit}+");

  /** Names of a new run of this process. */
  static String newRun() {
    ProcessHandle self = ProcessHandle.current();
    return "%s.%d.%d.%s"
        .formatted(host(), self.pid(), began(self), UUID.randomUUID().toString().substring(0, 8));
  }

  Path writing(String run) {
    return beside(WRITING, run);
  }

  Path old(String run) {
    return beside(OLD, run);
  }

  Path lock() {
    return new Path(target.getParent(), "." + target.getName() + ".lock");
  }

  /** What a run touches as long as it lives. */
  Path beat(String run) {
    return beside(BEAT, run);
  }

  /** Who took the lock over from a run. */
  Path taken(String run) {
    return beside(TAKEN, run);
  }

  /** What a run renames to take a lock. */
  Path claim(String run) {
    return beside("claim", run);
  }

  private Path beside(String what, String run) {
    return new Path(target.getParent(), prefix(what) + run);
  }

  private String prefix(String what) {
    return "." + target.getName() + "." + what + ".";
  }

  /** The run whose writing folder has that name; empty if it is none. */
  String runWriting(String name) {
    return run(WRITING, name);
  }

  /** The run whose earlier result has that name; empty if it is none. */
  String runOld(String name) {
    return run(OLD, name);
  }

  /** The run whose heartbeat has that name; empty if it is none. */
  String runBeating(String name) {
    return run(BEAT, name);
  }

  /** The run from which a file of that name tells that its lock was taken; empty if it is none. */
  String runTaken(String name) {
    return run(TAKEN, name);
  }

  private String run(String what, String name) {
    String rest = name.startsWith(prefix(what)) ? name.substring(prefix(what).length()) : "";
    return isRun(rest) ? rest : "";
  }

  /** Whether a text names a run. */
  static boolean isRun(String text) {
    return RUN.matcher(text).matches();
  }

  /** A run, for messages. */
  static String words(String run) {
    Matcher parts = RUN.matcher(run);
    return parts.matches()
        ? "process %s on host %s".formatted(parts.group(2), parts.group(1))
        : "a process that has not said its name";
  }

  /** Whether a run is one of another host, of which this process cannot tell whether it runs. */
  static boolean isElsewhere(String run) {
    return !run.startsWith(host() + ".");
  }

  /** Whether the process of a run of this host is there. */
  static boolean isRunning(String run) {
    Matcher parts = RUN.matcher(run);
    return parts.matches()
        && ProcessHandle.of(Long.parseLong(parts.group(2)))
            .filter(process -> began(process) == Long.parseLong(parts.group(3)))
            .isPresent();
  }

  private static long began(ProcessHandle process) {
    return process.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(-1L);
  }

  private static String host() {
    return NetUtils.getHostname().replaceAll("/.*", "").replaceAll("[^\\w-]", "_");
  }
}
