package io.sotto.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tries spoilt inputs one after the other, each with a bound of time, and counts how they end. */
final class Fuzz {
  /** An input must be done within this time, on a machine that does other things, too. */
  static final long MOST_SECONDS = 30;

  private final Trial trial;
  private final Path folder;
  private final Consumer<String> log;
  private final long mostSeconds;
  private final double tellSeconds;

  /** What is tried. */
  interface Trial {
    /** Writes an input, which follows from the random numbers. */
    void write(SplittableRandom random) throws IOException;

    /** Runs what was written. */
    End run() throws Exception;
  }

  /**
   * How an input ended.
   *
   * @param code the exit code
   * @param what the case, such as {@code resumed}, that is worth a count of its own; may be empty
   * @param said what it printed
   * @param unforeseen what nobody thought of; null if there was no such thing
   */
  record End(int code, String what, String said, @Nullable Throwable unforeseen) {}

  /**
   * How all of them ended.
   *
   * @param inputs how many there were
   * @param faults those that ended in another way than they may, in words
   * @param codes how many, by exit code and case
   * @param seconds for all
   * @param slowest seconds of one
   */
  record Summary(
      long inputs,
      List<String> faults,
      TreeMap<String, Long> codes,
      double seconds,
      double slowest) {

    /** How many ended with an exit code. */
    long count(int code) {
      return codes.entrySet().stream()
          .filter(entry -> entry.getKey().split(" ")[0].equals(Integer.toString(code)))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }

    /** In a line. */
    String words() {
      return String.format(
          Locale.ROOT,
          "%,d inputs, %s; %.0f a second, the slowest %.1f s",
          inputs,
          codes.entrySet().stream()
              .map(code -> "exit code %s: %,d".formatted(code.getKey(), code.getValue()))
              .collect(Collectors.joining(", ")),
          inputs / seconds,
          slowest);
    }
  }

  /**
   * @param trial writes and runs one
   * @param folder where an input may leave nothing
   * @param log takes each fault as it is found, and how far it is
   * @param mostSeconds for one input
   * @param tellSeconds between two lines of how far it is
   */
  Fuzz(Trial trial, Path folder, Consumer<String> log, long mostSeconds, double tellSeconds) {
    this.trial = trial;
    this.folder = folder;
    this.log = log;
    this.mostSeconds = mostSeconds;
    this.tellSeconds = tellSeconds;
  }

  /** The random numbers of an input. */
  static SplittableRandom random(String kind, long seed, long index) {
    return new SplittableRandom(
        new SplittableRandom(seed ^ kind.hashCode()).nextLong() + 31 * index);
  }

  /**
   * Tries inputs.
   *
   * @param kind what they are called; with seed and index it says all of an input
   */
  Summary run(String kind, long seed, long from, long to) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    TreeMap<String, Long> codes = new TreeMap<>();
    double slowest = 0;
    long begin = System.nanoTime();
    double told = 0;
    Worker worker = new Worker();
    try {
      for (long index = from; index < to; index++) {
        trial.write(random(kind, seed, index));
        Set<Path> before = files();
        long start = System.nanoTime();
        String fault;
        try {
          End end = worker.run();
          codes.merge((end.code() + " " + end.what()).strip(), 1L, Long::sum);
          fault = fault(end);
        } catch (TimeoutException e) {
          fault = "has not ended after %d s: %s".formatted(mostSeconds, e.getMessage());
          worker.abandon();
          worker = new Worker();
        } catch (ExecutionException e) {
          fault = "could not be tried: " + trace(e.getCause());
        }
        slowest = Math.max(slowest, (System.nanoTime() - start) * 1e-9);
        Set<Path> left = files();
        left.removeAll(before);
        if (fault == null && !left.isEmpty()) {
          fault = "left files: " + left;
        }
        if (fault != null) {
          faults.add("%s, seed %d, index %d: %s".formatted(kind, seed, index, fault));
          log.accept(faults.get(faults.size() - 1));
        }
        double seconds = (System.nanoTime() - begin) * 1e-9;
        if (seconds - told >= tellSeconds) {
          told = seconds;
          Summary until = new Summary(index + 1 - from, faults, codes, seconds, slowest);
          log.accept("%s: %s, of %,d".formatted(kind, until.words(), to - from));
        }
      }
    } finally {
      worker.abandon();
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    return new Summary(to - from, List.copyOf(faults), codes, seconds, slowest);
  }

  private static @Nullable String fault(End end) {
    if (end.unforeseen() != null) {
      return "unforeseen: " + trace(end.unforeseen());
    }
    if (end.code() < 0 || end.code() > 2) {
      return "exit code " + end.code();
    }
    return end.said().isBlank() && end.code() != 0 ? "ends without a word" : null;
  }

  /** The exception, its causes and where the last of them was thrown. */
  private static String trace(@Nullable Throwable e) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      text.append(text.isEmpty() ? "" : "\n    caused by ")
          .append(cause.toString().lines().findFirst().orElse(""));
      if (cause.getCause() == null) {
        Stream.of(cause.getStackTrace())
            .limit(12)
            .forEach(at -> text.append("\n      at ").append(at));
      }
    }
    return text.toString();
  }

  /** All that is there; an input that has not ended may remove some meanwhile. */
  private Set<Path> files() throws IOException {
    Set<Path> all = new TreeSet<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            all.add(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            all.add(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return all;
  }

  /** The thread that runs inputs; a new one takes its place if one of them does not end. */
  private final class Worker {
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final ExecutorService executor =
        Executors.newSingleThreadExecutor(
            runnable -> {
              Thread made = new Thread(runnable, "fuzz");
              made.setDaemon(true);
              thread.set(made);
              return made;
            });

    End run() throws InterruptedException, ExecutionException, TimeoutException {
      Future<End> end = executor.submit(trial::run);
      try {
        return end.get(mostSeconds, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        Thread busy = thread.get();
        String where =
            busy == null
                ? ""
                : Stream.of(busy.getStackTrace())
                    .limit(25)
                    .map(at -> "\n      at " + at)
                    .collect(Collectors.joining());
        TimeoutException told = new TimeoutException(where);
        told.addSuppressed(e);
        throw told;
      }
    }

    void abandon() {
      executor.shutdownNow();
    }
  }
}
