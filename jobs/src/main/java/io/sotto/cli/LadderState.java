package io.sotto.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.sotto.config.RunConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What one command of a ladder leaves to the next, in {@code rungs.json}: by rung what it was run
 * with, the processor time that it took, and whether it is complete. While a rung runs its time is
 * noted every {@value #SECONDS} seconds, so that what was spent before a kill counts.
 */
final class LadderState {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final ObjectMapper COMPACT = new ObjectMapper();
  private static final String CONFIGURATION = "configuration";
  private static final String CPU_SECONDS = "cpuSeconds";
  private static final String COMPLETE = "complete";
  private static final long SECONDS = 2;

  private final Configuration hadoop;
  private final FileSystem system;
  private final Path file;
  private final Path aside;
  private final ObjectNode rungs;

  /** Reads what is there, if anything is. */
  LadderState(String output, Configuration hadoop) throws IOException {
    this.hadoop = hadoop;
    this.file = new Path(output, "rungs.json");
    this.aside = new Path(output, ".rungs.json.writing");
    this.system = file.getFileSystem(hadoop);
    // where only the second is there, it is whole: the process died before it was renamed
    Path there = system.exists(file) ? file : aside;
    if (system.exists(there)) {
      try (InputStream in = system.open(there)) {
        this.rungs = (ObjectNode) JSON.readTree(in);
      }
    } else {
      this.rungs = JSON.createObjectNode();
    }
  }

  private synchronized void write() throws IOException {
    try (OutputStream out = system.create(aside)) {
      JSON.writeValue(out, rungs);
    }
    system.delete(file, false);
    if (!system.rename(aside, file)) {
      throw new IOException("cannot rename %s to %s".formatted(aside, file));
    }
  }

  /** Whether the result of a rung is there, and was made with that configuration. */
  boolean isComplete(String name, RunConfig config) throws IOException {
    Path success = new Path(config.output().path(), "_SUCCESS");
    JsonNode was = rungs.path(name);
    return was.path(COMPLETE).asBoolean(true) // files of before have complete rungs only
        && isOf(was, config)
        && success.getFileSystem(hadoop).exists(success);
  }

  private static boolean isOf(JsonNode was, RunConfig config) throws JsonProcessingException {
    return text(config).equals(was.path(CONFIGURATION).asText());
  }

  private static String text(RunConfig config) throws JsonProcessingException {
    return COMPACT.writeValueAsString(config.toMap());
  }

  /** Seconds of processor time that a rung has taken. */
  double cpuSeconds(String name) {
    return rungs.path(name).path(CPU_SECONDS).asDouble();
  }

  /**
   * Notes that a rung begins, or goes on after a kill. Those after it are no longer complete, since
   * they may start from its result.
   *
   * @param fresh whether it begins anew in any case
   * @param after the names of the rungs after it
   * @param warned is told if its time cannot be noted
   */
  Meter begin(
      String name, RunConfig config, boolean fresh, List<String> after, Consumer<String> warned)
      throws IOException {
    JsonNode was = rungs.path(name);
    boolean goesOn = !fresh && !was.path(COMPLETE).asBoolean(true) && isOf(was, config);
    double spent = goesOn ? cpuSeconds(name) : 0;
    rungs.remove(after);
    ObjectNode now = rungs.putObject(name);
    now.put(CONFIGURATION, text(config));
    now.put(CPU_SECONDS, spent);
    now.put(COMPLETE, false);
    write();
    return new Meter(now, spent, warned);
  }

  /** Counts the processor time of a rung that runs. */
  final class Meter implements AutoCloseable {
    private final ObjectNode rung;
    private final double before;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> notes;

    private Meter(ObjectNode rung, double spent, Consumer<String> warned) {
      this.rung = rung;
      this.before = processSeconds() - spent;
      this.timer =
          Executors.newSingleThreadScheduledExecutor(
              runnable -> {
                Thread thread = new Thread(runnable, "processor time");
                thread.setDaemon(true);
                return thread;
              });
      Runnable note =
          () -> {
            try {
              note(false);
            } catch (IOException e) {
              warned.accept("%s cannot be written: %s".formatted(file, e.getMessage()));
            }
          };
      this.notes = timer.scheduleWithFixedDelay(note, 0, SECONDS, TimeUnit.SECONDS);
    }

    private void note(boolean complete) throws IOException {
      synchronized (LadderState.this) {
        rung.put(CPU_SECONDS, processSeconds() - before);
        rung.put(COMPLETE, complete);
        write();
      }
    }

    /** Notes that the rung is complete. */
    void complete() throws IOException {
      end();
      note(true);
    }

    private void end() {
      notes.cancel(false);
      timer.shutdown();
      try {
        timer.awaitTermination(1, TimeUnit.MINUTES); // a note may be on its way
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Notes no more. */
    @Override
    public void close() {
      end();
    }
  }

  /** Of all threads, since the process began. */
  private static double processSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        * 1e-9;
  }
}
