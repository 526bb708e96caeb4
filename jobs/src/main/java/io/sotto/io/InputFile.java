package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.jspecify.annotations.Nullable;

/**
 * One input file.
 *
 * @param uri where it is
 * @param bytes its length as stored
 * @param keys what the folders between the path that was given and the file say, as {@code
 *     site=north} does, in their order
 */
public record InputFile(String uri, long bytes, Map<String, String> keys) implements Serializable {
  private static final Pattern GLOB = Pattern.compile("[*?{\\[]");

  /** What Hive and Spark write for no value. */
  private static final String NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

  /** A file in no such folder. */
  public InputFile(String uri, long bytes) {
    this(uri, bytes, Map.of());
  }

  /**
   * The files that a path names: itself, all in a folder and the folders in it, or all that a glob
   * matches; ordered by path. Names that begin with {@code _} or {@code .} are passed over, unless
   * the path itself ends in one, and so are files of no bytes among others.
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
    Set<@Nullable Path> around = new HashSet<>();
    int globs = globs(pattern);
    if (matches != null) {
      for (FileStatus match : matches) {
        boolean named = match.getPath().getName().equals(pattern.getName()); // not by a glob
        if (named || !isHidden(match)) {
          if (around.add(match.getPath().getParent())) {
            TableFormat.refuseAround(place.system(), match.getPath());
          }
          java.nio.file.Path base =
              real(globs == 0 ? match.getPath() : above(match.getPath(), globs));
          if (globs > 0) {
            requireWithin(base, match);
          }
          add(match, place.system(), keys(match.getPath(), globs), base, files);
        }
      }
    }
    if (files.isEmpty()) {
      throw new BadInputException(
          "%s is '%s'; there is no such file at %s. Mend the path, or put the file there."
              .formatted(key, path, pattern));
    }
    files.sort(Comparator.comparing(InputFile::uri));
    List<InputFile> full = files.stream().filter(file -> file.bytes() > 0).toList();
    return full.isEmpty() ? files : full;
  }

  /** The folder so many names above. */
  private static Path above(Path path, int names) {
    Path at = path;
    for (int k = 0; k < names && at.getParent() != null; k++) {
      at = at.getParent();
    }
    return at;
  }

  /** Where a path of a local disk leads when all links are followed; null elsewhere. */
  private static java.nio.file.@Nullable Path real(Path path) throws IOException {
    return "file".equals(path.toUri().getScheme())
        ? java.nio.file.Path.of(path.toUri().getPath()).toRealPath()
        : null;
  }

  /**
   * Refuses what was found and not named, if a link has put it there: who may write into a folder
   * could have rows read that they may not see, or have them read twice.
   */
  private static void requireWithin(java.nio.file.@Nullable Path base, FileStatus found)
      throws IOException {
    java.nio.file.Path to = real(found.getPath());
    if (base == null || to == null) {
      return;
    }
    Path parent = found.getPath().getParent();
    java.nio.file.Path folder = parent == null ? null : real(parent);
    if (!to.startsWith(base) || (folder != null && folder.startsWith(to))) {
      throw new BadInputException(
          ("%s is a symbolic link, and leads out of its folder, or round in a circle: to %s. Put"
                  + " the file there, or name it in data.path.")
              .formatted(found.getPath(), to));
    }
  }

  private static void add(
      FileStatus status,
      FileSystem system,
      Map<String, String> keys,
      java.nio.file.@Nullable Path base,
      List<InputFile> files)
      throws IOException {
    if (status.isFile()) {
      if (system instanceof ChecksumFileSystem checked) {
        checked.getChecksumFile(status.getPath()); // refuses a name with a colon, as opening would
      }
      files.add(new InputFile(status.getPath().toString(), status.getLen(), keys));
      return;
    }
    FileStatus[] children = system.listStatus(status.getPath());
    TableFormat.refuse(system, status.getPath(), children);
    for (FileStatus child : children) {
      if (!isHidden(child)) {
        requireWithin(base, child);
        add(child, system, child.isFile() ? keys : with(keys, child.getPath()), base, files);
      }
    }
  }

  /** How many names at the end of a path there are from the first one on that is a glob. */
  private static int globs(Path pattern) {
    int globs = 0;
    int depth = 0;
    for (Path at = pattern; at != null; at = at.getParent()) {
      depth++;
      globs = GLOB.matcher(at.getName()).find() ? depth : globs;
    }
    return globs;
  }

  /** What the last names of a path say. */
  private static Map<String, String> keys(Path path, int names) {
    Path parent = path.getParent();
    return names == 0 || parent == null ? Map.of() : with(keys(parent, names - 1), path);
  }

  /** The same, and what the name of a folder says. */
  private static Map<String, String> with(Map<String, String> keys, Path folder) {
    String name = folder.getName();
    int equals = name.indexOf('=');
    if (equals <= 0) {
      return keys;
    }
    Map<String, String> more = new LinkedHashMap<>(keys);
    String value = ExternalCatalogUtils.unescapePathName(name.substring(equals + 1));
    more.put(
        ExternalCatalogUtils.unescapePathName(name.substring(0, equals)),
        value.equals(NO_VALUE) ? "" : value);
    return more;
  }

  /** Its keys that are not among the columns which it has itself. */
  List<String> keysBeside(List<String> columns) {
    return keys.keySet().stream().filter(key -> !columns.contains(key)).toList();
  }

  /** Whether a key is a number wherever it is said. */
  static boolean isNumber(String key, List<InputFile> files) {
    return files.stream()
        .map(file -> file.keys().getOrDefault(key, ""))
        .allMatch(value -> value.isEmpty() || !Double.isNaN(Numbers.parse(value)));
  }

  static boolean isHidden(FileStatus status) {
    String name = status.getPath().getName();
    return name.startsWith("_") || name.startsWith(".");
  }

  Path path() {
    return new Path(uri);
  }

  /** Its text, decompressed if its content or its name says that it is compressed. */
  InputStream open(Configuration hadoop) throws IOException {
    InputStream raw = new BufferedInputStream(path().getFileSystem(hadoop).open(path()), 1 << 16);
    try {
      return FileKind.text(this, raw, hadoop);
    } catch (IOException | BadInputException e) {
      raw.close();
      throw e;
    }
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
    return place() + ":" + line;
  }

  /** The file, for messages: {@code data/a.csv}. */
  String place() {
    return uri.startsWith("file:") ? uri.substring("file:".length()) : uri;
  }
}
