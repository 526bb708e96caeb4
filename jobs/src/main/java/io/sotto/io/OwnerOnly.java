package io.sotto.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Files and folders that nobody but their owner may use. On local disks the JDK sets and reads
 * permissions, since Hadoop may start a process for each.
 */
final class OwnerOnly {
  private static final FsPermission FOLDER = new FsPermission((short) 0700);
  private static final FsPermission FILE = new FsPermission((short) 0600);
  private static final short OTHERS = 0077;
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");
  private static final int BUFFER = 1 << 12;

  private OwnerOnly() {}

  private static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }

  private static java.nio.file.Path nio(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  /**
   * Makes a folder, and those above it that are missing. One that is there stays as it is.
   *
   * @param folder with its scheme
   * @return false if there is none now
   */
  static boolean makeFolder(FileSystem system, Path folder) throws IOException {
    if (!isLocal(folder)) {
      return system.mkdirs(folder, FOLDER);
    }
    try {
      Files.createDirectories(nio(folder.getParent()));
      Files.createDirectory(nio(folder), PosixFilePermissions.asFileAttribute(OWN));
      return true;
    } catch (FileAlreadyExistsException e) {
      return Files.isDirectory(nio(folder));
    }
  }

  /**
   * Creates a file.
   *
   * @param file with its scheme
   * @param overwrite whether there may be one, which is then replaced
   */
  static OutputStream create(FileSystem system, Path file, boolean overwrite) throws IOException {
    if (!isLocal(file)) {
      return system.create(
          file,
          FILE,
          overwrite,
          BUFFER,
          system.getDefaultReplication(file),
          system.getDefaultBlockSize(file),
          null);
    }
    OutputStream out = system.create(file, overwrite);
    try {
      makeOwn(system, file);
      return out;
    } catch (IOException e) {
      out.close();
      throw e;
    }
  }

  /** Takes a file from all others. */
  static void makeOwn(FileSystem system, Path file) throws IOException {
    if (isLocal(file)) {
      Files.setPosixFilePermissions(nio(file), PosixFilePermissions.fromString(FILE.toString()));
    } else {
      system.setPermission(file, FILE);
    }
  }

  /** Whether a file or folder is its owner's alone; what a link leads to does not count. */
  static boolean holds(FileStatus status) throws IOException {
    if (!isLocal(status.getPath())) {
      return (status.getPermission().toShort() & OTHERS) == 0;
    }
    return OWN.containsAll(
        Files.getPosixFilePermissions(nio(status.getPath()), LinkOption.NOFOLLOW_LINKS));
  }
}
