package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes the data that {@code data.make} names into {@code data.path}. */
public final class MadeData {
  private static final String KEY = "data.path";

  private MadeData() {}

  /** Whether there is nothing yet where data are to be. */
  public static boolean isMissing(String folder, Configuration hadoop) throws IOException {
    HadoopPath place = HadoopPath.of(KEY, folder, hadoop);
    try {
      return !place.system().exists(place.path());
    } catch (IOException e) {
      throw IoFailure.at("%s is '%s', which cannot be looked at".formatted(KEY, folder), e);
    }
  }

  /**
   * Writes a file for each agent, in place of those that are there.
   *
   * @return how many files, and how many bytes in all
   * @throws BadInputException if the folder holds anything else
   */
  public static Made make(RunConfig config, Configuration hadoop) throws IOException {
    String folder = config.data().path();
    RunConfig.Making making =
        config
            .making()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "data.make is empty, so there is nothing to make. Set data.make = scribes, with"
                            + " data.format = text."));
    long seed = config.settings().seed();
    HadoopPath place = HadoopPath.of(KEY, folder, hadoop);
    Map<String, byte[]> files =
        making.what() == RunConfig.Make.SCRIBES
            ? Scribes.files(seed)
            : new TaskTexts(making, seed, hadoop).files();
    FileSystem system = place.system();
    system.setWriteChecksum(false); // no .crc files beside them on file:
    try {
      requireNoOther(folder, place, files);
      Path target = system.makeQualified(place.path());
      Path aside = new Path(target.getParent(), "." + target.getName() + ".making");
      system.delete(aside, true);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        try (OutputStream out = system.create(new Path(aside, file.getKey()))) {
          out.write(file.getValue());
        }
      }
      system.delete(target, true);
      if (!system.rename(aside, target)) {
        throw new IOException("cannot rename %s to %s".formatted(aside, target));
      }
    } catch (IOException e) {
      throw IoFailure.at("%s is '%s', which cannot be written".formatted(KEY, folder), e);
    }
    return new Made(files.size(), files.values().stream().mapToLong(file -> file.length).sum());
  }

  /** What was written. */
  public record Made(int files, long bytes) {}

  private static void requireNoOther(String folder, HadoopPath place, Map<String, byte[]> files)
      throws IOException {
    if (!place.system().exists(place.path())) {
      return;
    }
    if (place.system().getFileStatus(place.path()).isFile()) {
      throw new BadInputException(
          "%s is '%s', which is a file. Give a folder that make-data may write."
              .formatted(KEY, folder));
    }
    for (FileStatus child : place.system().listStatus(place.path())) {
      if (!files.containsKey(child.getPath().getName())) {
        throw new BadInputException(
            "%s is '%s', which holds %s, and make-data replaces its own files only. Choose another"
                    .formatted(KEY, folder, child.getPath().getName())
                + " folder, or move that away.");
      }
    }
  }
}
