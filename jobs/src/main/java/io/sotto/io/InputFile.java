package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * One input file.
 *
 * @param uri where it is
 * @param bytes its length as stored
 */
public record InputFile(String uri, long bytes) implements Serializable {

  /**
   * The files that a path names: itself, all in a folder and the folders in it, or all that a glob
   * matches; ordered by path. Names that begin with {@code _} or {@code .} are passed over, unless
   * the path itself ends in one.
   *
   * @param key the configuration key that holds the path, for messages
   */
  static List<InputFile> list(String key, String path, Configuration hadoop) throws IOException {
    HadoopPath place = HadoopPath.of(key, path, hadoop);
    try {
      return list(key, path, place);
    } catch (IllegalArgumentException e) { // a name that Hadoop's paths cannot hold
      throw new BadInputException(
          ("%s is '%s'; Hadoop cannot read files with a colon or the like in their names (%s)."
                  + " Rename the file.")
              .formatted(key, path, IoFailure.why(e)),
          e);
    } catch (IOException e) {
      throw IoFailure.input("%s is '%s'; it cannot be listed".formatted(key, path), e);
    }
  }

  private static List<InputFile> list(String key, String path, HadoopPath place)
      throws IOException {
    Path pattern = place.path();
    FileStatus[] matches;
    try {
      matches = place.system().globStatus(pattern);
    } catch (FileNotFoundException e) {
      matches = null;
    }
    List<InputFile> files = new ArrayList<>();
    if (matches != null) {
      for (FileStatus match : matches) {
        boolean named = match.getPath().getName().equals(pattern.getName()); // not by a glob
        if (named || !isHidden(match)) {
          add(match, place.system(), files);
        }
      }
    }
    if (files.isEmpty()) {
      throw new BadInputException(
          "%s is '%s'; there is no such file at %s. Mend the path, or put the file there."
              .formatted(key, path, pattern));
    }
    files.sort(Comparator.comparing(InputFile::uri));
    return files;
  }

  private static void add(FileStatus status, FileSystem system, List<InputFile> files)
      throws IOException {
    if (status.isFile()) {
      files.add(new InputFile(status.getPath().toString(), status.getLen()));
      return;
    }
    for (FileStatus child : system.listStatus(status.getPath())) {
      if (!isHidden(child)) {
        add(child, system, files);
      }
    }
  }

  private static boolean isHidden(FileStatus status) {
    String name = status.getPath().getName();
    return name.startsWith("_") || name.startsWith(".");
  }

  Path path() {
    return new Path(uri);
  }

  /** Its bytes, decompressed if its name says that they are compressed. */
  InputStream open(Configuration hadoop) throws IOException {
    InputStream raw = new BufferedInputStream(path().getFileSystem(hadoop).open(path()), 1 << 16);
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path());
    return codec == null ? raw : InputBytes.of(this, raw, codec);
  }

  /** SHA-256 of its bytes as stored, in hexadecimal digits. */
  String checksum(Configuration hadoop) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(
            path().getFileSystem(hadoop).open(path()), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A place in the file, for messages: {@code data/a.csv:17}. */
  String at(long line) {
    return (uri.startsWith("file:") ? uri.substring("file:".length()) : uri) + ":" + line;
  }
}
