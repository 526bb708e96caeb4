package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Table formats such as Delta Lake, in which a log says which files count. Read file by file they
 * would show rows that were deleted, so they are refused.
 */
final class TableFormat {
  private TableFormat() {}

  /** Refuses a folder that is such a table. */
  static void refuse(FileSystem system, Path folder, FileStatus[] children) throws IOException {
    for (FileStatus child : children) {
      if (child.isDirectory()) {
        String name = child.getPath().getName();
        if (name.equals("_delta_log")) {
          throw refusal(folder, "Delta Lake", "its folder _delta_log");
        }
        if (name.equals(".hoodie")) {
          throw refusal(folder, "Hudi", "its folder .hoodie");
        }
        if (name.equals("metadata") && holdsIceberg(system.listStatus(child.getPath()))) {
          throw refusal(folder, "Iceberg", "its folder metadata");
        }
      }
    }
  }

  /** Refuses a file or folder that lies right in such a table. */
  static void refuseAround(FileSystem system, Path inside) throws IOException {
    Path folder = inside.getParent();
    if (folder == null) {
      return;
    }
    if (system.exists(new Path(folder, "_delta_log"))) {
      throw refusal(folder, "Delta Lake", "its folder _delta_log");
    }
    if (system.exists(new Path(folder, ".hoodie"))) {
      throw refusal(folder, "Hudi", "its folder .hoodie");
    }
    try {
      if (holdsIceberg(system.listStatus(new Path(folder, "metadata")))) {
        throw refusal(folder, "Iceberg", "its folder metadata");
      }
    } catch (FileNotFoundException e) {
      return; // so it is none
    }
  }

  private static boolean holdsIceberg(FileStatus[] files) {
    for (FileStatus file : files) {
      if (file.getPath().getName().endsWith(".metadata.json")) {
        return true;
      }
    }
    return false;
  }

  private static BadInputException refusal(Path folder, String format, String sign) {
    return new BadInputException(
        ("%s is a table of %s, as %s says. Its files also hold rows that were deleted or replaced,"
                + " so it is not read. Write its rows as plain Parquet into another folder.")
            .formatted(folder, format, sign));
  }
}
