package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.io.compress.CompressionCodec;

/**
 * The decompressed bytes of a file. What the codec complains of is a fault of the file; what comes
 * from where the file is stored is none, and stays an IOException.
 */
final class InputBytes extends FilterInputStream {
  private final InputFile file;

  private InputBytes(InputFile file, InputStream decompressed) {
    super(decompressed);
    this.file = file;
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
    try {
      return super.read();
    } catch (IOException | RuntimeException e) {
      throw fault(file, e);
    }
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    try {
      return super.read(bytes, from, length);
    } catch (IOException | RuntimeException e) {
      throw fault(file, e);
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** As an IOException, since readers of csv take other ones for faults of a row. */
  private static IOException fault(InputFile file, Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoredException
          && cause.getCause() instanceof IOException stored
          && !(stored instanceof ChecksumException)) {
        return IoFailure.at(file.uri() + " cannot be read", stored);
      }
    }
    BadInputException bad =
        new BadInputException(
            "%s cannot be decompressed: %s. It is cut off or damaged; copy or compress it again."
                .formatted(file.uri(), IoFailure.why(e)),
            e);
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
