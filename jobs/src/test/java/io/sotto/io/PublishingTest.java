package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stops a run at every step that it takes on the file system. */
class PublishingTest {
  @TempDir Path folder;

  /** A file system of which the steps from some step on fail: all of them, or only that one. */
  public static class Stopping extends LocalFileSystem {
    private static int step;
    private static int stopAt = Integer.MAX_VALUE;
    private static boolean once;
    private static final List<String> TAKEN = new ArrayList<>();

    static void at(int stop, boolean onlyOnce) {
      step = 0;
      stopAt = stop;
      once = onlyOnce;
      TAKEN.clear();
    }

    private static void take(String what) throws IOException {
      int now = step++;
      if (once ? now == stopAt : now >= stopAt) {
        throw new IOException("stopped before " + what);
      }
      TAKEN.add(what);
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      take("rename to " + to.getName().replaceAll("(writing|old)[.].*", "$1"));
      return super.rename(from, to);
    }

    @Override
    public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
      take("delete " + path.getName().replaceAll("(writing|old)[.].*", "$1"));
      return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(org.apache.hadoop.fs.Path path) throws IOException {
      take("mkdirs");
      return super.mkdirs(path);
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path path,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      take("create " + path.getName());
      return super.create(
          path, permission, overwrite, bufferSize, replication, blockSize, progress);
    }
  }

  /** Files under another scheme, as of a store where renaming is copying. */
  public static final class Store extends Stopping {
    public Store() {
      fs =
          new RawLocalFileSystem() {
            @Override
            public URI getUri() {
              return URI.create("store:///");
            }
          };
    }

    @Override
    public String getScheme() {
      return "store";
    }
  }

  private static Configuration hadoop() {
    Configuration hadoop = new Configuration();
    for (String scheme : List.of("file", "store")) {
      Class<? extends FileSystem> kind = scheme.equals("file") ? Stopping.class : Store.class;
      hadoop.set("fs." + scheme + ".impl", kind.getName());
      hadoop.setBoolean("fs." + scheme + ".impl.disable.cache", true);
    }
    return hadoop;
  }

  private void run(String scheme, String status) throws IOException {
    try (OutputFolder output =
        new OutputFolder(scheme + "://" + folder.resolve("out"), true, hadoop())) {
      output.lock(Duration.ZERO, text -> {});
      output.open();
      output.json("run.json", Map.of("formatVersion", 1, "status", status));
      output.json("solution.json", Map.of("formatVersion", 1, "estimate", status));
      output.publish();
    }
  }

  /** The status of the result if it is complete: marked as such, with both files of one run. */
  private String complete() throws IOException {
    Path out = folder.resolve("out");
    if (!Files.exists(out.resolve("_SUCCESS"))) {
      return "none";
    }
    for (String status : List.of("old", "new")) {
      if (Files.readString(out.resolve("run.json")).contains('"' + status + '"')
          && Files.readString(out.resolve("solution.json")).contains('"' + status + '"')) {
        return status;
      }
    }
    return "mixed";
  }

  private List<Path> beside() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(p -> !p.endsWith("out")).toList();
    }
  }

  private void clear() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        if (!path.equals(folder)) {
          Files.delete(path);
        }
      }
    }
  }

  /** What this process left is then of one that is gone. */
  private void bury() throws IOException {
    String began = "\\.\\d+(\\.\\w+)$";
    for (Path left : beside()) {
      if (Files.isRegularFile(left)) {
        Files.writeString(left, Files.readString(left).replaceFirst(began, ".7$1"));
      }
      Files.move(
          left, left.resolveSibling(left.getFileName().toString().replaceFirst(began, ".7$1")));
    }
  }

  /** Stops at every step, and returns what was there before and after the next run looked. */
  private List<String> stops(String scheme, boolean once, boolean earlier) throws IOException {
    List<String> found = new ArrayList<>();
    for (int stop = 0; ; stop++) {
      clear();
      Stopping.at(Integer.MAX_VALUE, false);
      if (earlier) {
        run(scheme, "old");
      }
      Stopping.at(stop, once);
      Throwable failure = catchThrowable(() -> run(scheme, "new"));
      boolean reached = Stopping.step > stop;
      Stopping.at(Integer.MAX_VALUE, false);
      bury();
      String before = complete();
      try (OutputFolder next =
          new OutputFolder(scheme + "://" + folder.resolve("out"), true, hadoop())) {
        next.lock(Duration.ZERO, text -> {});
      }
      found.add(before + " " + complete());
      if (failure == null) {
        assertThat(before).as("a run that says nothing, stopped at %d", stop).isEqualTo("new");
      }
      run(scheme, "old");
      assertThat(complete()).as("the next run, after a stop at %d", stop).isEqualTo("old");
      assertThat(beside()).as("left of a stop at %d", stop).isEmpty();
      if (!reached) {
        return found;
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void theEarlierOrTheNewResultIsCompleteOrIsRecovered(boolean once) throws IOException {
    List<String> found = stops("file", once, true);
    assertThat(found).doesNotContain("none none", "mixed mixed", "old none", "new none");
    assertThat(found).first().isEqualTo("old old");
    assertThat(found).last().isEqualTo("new new");
    assertThat(found.contains("none new"))
        .as("killed between the renames, it is rolled forward; told of the failure, put back")
        .isEqualTo(!once);
  }

  @Test
  void withoutAnEarlierResultThereIsNoneOrTheNewOne() throws IOException {
    assertThat(stops("file", false, false)).containsOnly("none none", "new new");
  }

  @Test
  void whereRenamingIsCopyingWhatIsMarkedIsWhole() throws IOException {
    assertThat(stops("store", false, true)).containsOnly("old old", "none none", "new new");
    Stopping.at(Integer.MAX_VALUE, false);
    run("store", "new");
    assertThat(Stopping.TAKEN)
        .containsSubsequence("rename to out", "create _SUCCESS", "delete .out.lock");
  }

  @Test
  void theEarlierResultComesBackIfTheNewOneIsGone() throws IOException {
    run("file", "old");
    Files.move(folder.resolve("out"), folder.resolve(".out.old.elsewhere.1.1.abc"));
    org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(folder.resolve("out").toUri());
    new Leftovers(target.getFileSystem(hadoop()), target).recover();
    assertThat(complete()).isEqualTo("old");
  }
}
