package io.sotto.io;

import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/** The file with the secret that all randomness of a mechanism comes from. */
public final class SecretFile {
  private static final int LARGEST = 1 << 16;

  /** The place of a user's own secret, from their home. */
  private static final String OWN = ".sotto/secret";

  private static final FsPermission OWNER_FOLDER = new FsPermission((short) 0700);

  private SecretFile() {}

  /**
   * The secret of whoever runs this: a file in their home on the default file system, which is made
   * when there is none. It is written aside and renamed, so that nobody reads half of one.
   *
   * @param say takes a sentence when one was made, and when none can be kept
   * @return empty where no file can be kept that only its owner may use
   */
  public static Optional<Secret> own(Configuration hadoop, Consumer<String> say) {
    String place = OWN;
    try {
      FileSystem files = FileSystem.get(hadoop);
      Path file = files.makeQualified(new Path(files.getHomeDirectory(), OWN));
      place = file.toString();
      if (!files.exists(file)) {
        make(files, file);
        say.accept(
            "Offsets are drawn from the secret in %s, which was made now. Keep it: with the same secret and configuration a run gives the same bits."
                .formatted(place));
      }
      return Optional.of(read("privacy.secret", place, hadoop));
    } catch (IOException | BadInputException e) {
      say.accept(
          "No secret can be kept in %s (%s). One was made for this run alone, so another run gives other bits; name a file by privacy.secret."
              .formatted(place, e instanceof IOException io ? IoFailure.why(io) : e.getMessage()));
      return Optional.empty();
    }
  }

  private static void make(FileSystem files, Path file) throws IOException {
    FileSystem.mkdirs(files, file.getParent(), OWNER_FOLDER);
    byte[] bytes = new byte[2 * Secret.LEAST];
    SecureRandom random = new SecureRandom();
    random.nextBytes(bytes);
    Path aside = new Path(file.getParent(), "." + file.getName() + "." + random.nextLong());
    try (OutputStream out = OwnerOnly.create(files, aside, true)) {
      out.write(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
    if (files.exists(file) || !files.rename(aside, file)) { // another run was first
      files.delete(aside, false);
    }
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
    if (!OwnerOnly.holds(status)) {
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
