package io.sotto.io;

import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The file with the secret that all randomness of a mechanism comes from. */
public final class SecretFile {
  private static final int LARGEST = 1 << 16;
  private static final int OTHERS = 0077;

  private SecretFile() {}

  /** Whether nobody but its owner may use a file or folder. */
  static boolean ownerOnly(FileStatus status) {
    return (status.getPermission().toShort() & OTHERS) == 0;
  }

  /**
   * Reads a secret. No message ever shows it.
   *
   * @param key the configuration key, for messages
   * @param path any Hadoop URI of a file
   * @throws BadInputException if it is not there, or no file, or too short, or anybody but its
   *     owner may use it
   */
  public static Secret read(String key, String path, Configuration hadoop) throws IOException {
    HadoopPath place = HadoopPath.of(key, path, hadoop);
    Path file = place.path();
    FileSystem files = place.system();
    FileStatus status;
    try {
      status = files.getFileStatus(file);
    } catch (FileNotFoundException e) {
      throw new BadInputException(
          "%s is '%s', which is not there: make it with head -c 32 /dev/urandom > %s; chmod 600 %s"
              .formatted(key, path, file.getName(), file.getName()),
          e);
    }
    if (status.isDirectory()) {
      throw new BadInputException("%s is '%s', a folder; name a file.".formatted(key, path));
    }
    if (!ownerOnly(status)) {
      boolean local = files.getUri().getScheme().equals("file");
      throw new BadInputException(
          ("%s is '%s', which others than its owner may use (%s): run %s 600 %s, and make a new one"
                  + " if somebody may have read it. If its file system has the same permissions for"
                  + " all files, keep the secret on another one.")
              .formatted(
                  key, path, status.getPermission(), local ? "chmod" : "hdfs dfs -chmod", path));
    }
    byte[] bytes;
    try (InputStream in = files.open(file)) {
      bytes = in.readNBytes(LARGEST);
    }
    try {
      return Secret.of(bytes);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "%s is '%s', which holds %d bytes; it must hold %d or more, such as head -c 32 /dev/urandom gives."
              .formatted(key, path, bytes.length, Secret.LEAST),
          e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
