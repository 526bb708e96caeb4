package io.sotto.io;

import io.sotto.problem.BadInputException;
import io.sotto.run.Text;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.io.compress.CompressionCodec;

/**
 * The decompressed bytes of a file. What the codec complains of is a fault of the file; what comes
 * from where the file is stored is none, and stays an IOException. A file that decompresses to far
 * more than itself is refused: of bzip2, a few thousand bytes may hold gigabytes.
 */
final class InputBytes extends FilterInputStream {
  /** By how much a file may grow; gzip reaches half of it at most. */
  private static final int MOST_TIMES = 1 << 11;

  private final InputFile file;
  private final long most;
  private long count;

  private InputBytes(InputFile file, InputStream decompressed) {
    super(decompressed);
    this.file = file;
    this.most = Math.max(LineBound.MOST_BYTES, MOST_TIMES * file.bytes());
  }

  /**
   * Decompresses a file.
   *
   * @param stored its bytes as they are stored
   */
  static InputStream of(InputFile file, InputStream stored, CompressionCodec codec)
      throws IOException {
    try {
      return new InputBytes(file, codec.createInputStream(new Stored(stored)));
    } catch (IOException | RuntimeException e) {
      stored.close();
      throw fault(file, e);
    }
  }

  @Override
  public int read() throws IOException {
    int b;
    try {
      b = super.read();
    } catch (IOException | RuntimeException e) {
      throw fault(file, e);
    }
    add(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read;
    try {
      read = super.read(bytes, from, length);
    } catch (IOException | RuntimeException e) {
      throw fault(file, e);
    }
    add(Math.max(0, read));
    return read;
  }

  private void add(int read) throws IOException {
    count += read;
    if (count > most) {
      throw refused(
          new BadInputException(
              "%s holds more than %s once decompressed, from %s. If that is right, decompress it, and name that file."
                  .formatted(file.uri(), Text.bytes(most), Text.bytes(file.bytes()))));
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private static IOException fault(InputFile file, Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoredException
          && cause.getCause() instanceof IOException stored
          && !(stored instanceof ChecksumException)) {
        return IoFailure.at(file.uri() + " cannot be read", stored);
      }
    }
    return refused(
        new BadInputException(
            "%s cannot be decompressed: %s. It is cut off or damaged; copy or compress it again."
                .formatted(file.uri(), IoFailure.why(e)),
            e));
  }

  /** As an IOException, since readers of csv take other ones for faults of a row. */
  private static IOException refused(BadInputException bad) {
    return new IOException(bad.getMessage(), bad);
  }

  /** Marks what the file system throws. */
  private static final class Stored extends FilterInputStream {
    Stored(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        throw new StoredException(e);
      }
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      try {
        return super.read(bytes, from, length);
      } catch (IOException e) {
        throw new StoredException(e);
      }
    }
  }

  private static final class StoredException extends IOException {
    private static final long serialVersionUID = 1;

    StoredException(IOException cause) {
      super(cause);
    }
  }
}
