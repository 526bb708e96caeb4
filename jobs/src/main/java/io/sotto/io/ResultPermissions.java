package io.sotto.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Who may use a result: the folder and those in it have these permissions, files have the same
 * without x. What was left out of the rows stays for the owner alone.
 *
 * @param folders such as {@code rwxr-x---}
 */
record ResultPermissions(String folders) {

  /** Gives them to all of a result, the folder itself last. */
  void set(FileSystem system, Path result) throws IOException {
    for (FileStatus child : system.listStatus(result)) {
      Path path = child.getPath();
      if (!child.isDirectory()) {
        set(system, path, folders.replace('x', '-'));
      } else if (!path.getName().equals(Rejected.FOLDER)) {
        set(system, path);
      }
    }
    set(system, result, folders);
  }

  private static void set(FileSystem system, Path path, String permissions) throws IOException {
    if ("file".equals(path.toUri().getScheme())) { // where Hadoop may start a process for each
      Files.setPosixFilePermissions(
          java.nio.file.Path.of(path.toUri().getPath()),
          PosixFilePermissions.fromString(permissions));
    } else {
      system.setPermission(path, FsPermission.valueOf("-" + permissions));
    }
  }
}
