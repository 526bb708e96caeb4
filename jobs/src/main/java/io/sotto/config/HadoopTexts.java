package io.sotto.config;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Files of whatever file systems Hadoop knows, in UTF-8. A relative path starts at the working
 * directory of this process, also where the default file system is another one; an absolute path
 * without a scheme is one of the default file system.
 *
 * @param configuration says what the default file system is, and how to reach the others
 */
public record HadoopTexts(Configuration configuration) implements Texts {
  private static final int MOST_BYTES = 1 << 24;

  @Override
  public Optional<String> read(String uri) throws IOException {
    try {
      Path path = path(uri);
      FileSystem files = path.getFileSystem(configuration);
      if (files.getFileStatus(path).isDirectory()) {
        throw new IOException("it is a folder");
      }
      try (InputStream in = files.open(path)) {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          throw new IOException("it is longer than %d MB".formatted(MOST_BYTES >> 20));
        }
        return Optional.of(decode(bytes));
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) { // a malformed URI; on hdfs: an unknown host
      throw new IOException(e.getMessage(), e);
    }
  }

  /** What a URI or path of a configuration means to Hadoop. */
  public static Path path(String uri) {
    Path path = new Path(uri);
    return path.toUri().getScheme() == null && !path.isAbsolute()
        ? new Path(new Path(new File("").getAbsoluteFile().toURI()), path)
        : path;
  }

  private static String decode(byte[] bytes) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it is not UTF-8", e);
    }
  }
}
