package io.sotto.io;

import io.sotto.config.HadoopTexts;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a path of the configuration means.
 *
 * @param system the file system that it belongs to
 * @param path the path there
 */
record HadoopPath(FileSystem system, Path path) {
  /** As HDFS has it; matching a longer glob would take minutes. */
  private static final int LONGEST = 8_000;

  /**
   * Finds it; asks nothing of the file system.
   *
   * @param key the configuration key that holds the path, for messages
   * @throws BadInputException if it is no URI, or its file system is not known
   */
  static HadoopPath of(String key, String path, Configuration hadoop) {
    if (path.length() > LONGEST) {
      throw new BadInputException(
          "%s is a path of %,d characters; no file system has paths of more than %,d. Mend it."
              .formatted(key, path.length(), LONGEST));
    }
    try {
      Path there = HadoopTexts.path(path);
      return new HadoopPath(there.getFileSystem(hadoop), there);
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInputException(
          ("%s is '%s', which is not a valid path (%s); give a path without colons in its names,"
                  + " or a URI such as hdfs://host:8020/folder.")
              .formatted(key, path, IoFailure.why(e)),
          e);
    }
  }
}
