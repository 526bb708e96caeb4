package io.sotto.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ParquetDecodingException;
import shaded.parquet.org.apache.thrift.TException;

/**
 * Decompresses pages of Parquet, but none that says it holds more than is reasonable: room is made
 * for what a page says before a byte of it is read.
 */
final class PageBound implements CompressionCodecFactory {
  /** The part of the memory that a page may be. */
  private static final int PART = 8;

  private final CompressionCodecFactory codecs;
  private final long most;

  /** With a bound that suits the memory of this process. */
  PageBound(Configuration hadoop) {
    this(hadoop, Runtime.getRuntime().maxMemory() / PART);
  }

  /**
   * @param most bytes of a page
   */
  PageBound(Configuration hadoop, long most) {
    this.codecs = new CodecFactory(hadoop, 0);
    this.most = most;
  }

  /**
   * Looks whether the parts of a file, as its footer tells them, lie in the file.
   *
   * @throws ParquetDecodingException if one does not
   */
  static void requireWhole(ParquetFileReader reader, long length) {
    for (BlockMetaData block : reader.getFooter().getBlocks()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        long from = chunk.getStartingPos();
        if (from < 0 || chunk.getTotalSize() < 0 || chunk.getTotalSize() > length - from) {
          throw new ParquetDecodingException("a column lies outside of the file");
        }
      }
    }
  }

  /**
   * Whether a failure to read is one of the bytes that were read. What Parquet says of it may hold
   * values: those of statistics stand beside the field that is wrong.
   */
  static boolean isDamage(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof TException) {
        return true;
      }
    }
    return false;
  }

  private void require(int size) {
    if (size < 0 || size > most) {
      throw new ParquetDecodingException("a page says that it holds %d bytes".formatted(size));
    }
  }

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return codecs.getCompressor(codec);
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    BytesInputDecompressor decompressor = codecs.getDecompressor(codec);
    return new BytesInputDecompressor() {
      @Override
      public BytesInput decompress(BytesInput bytes, int size) throws IOException {
        require(size);
        return decompressor.decompress(bytes, size);
      }

      @Override
      public void decompress(ByteBuffer in, int stored, ByteBuffer out, int size)
          throws IOException {
        require(size);
        decompressor.decompress(in, stored, out, size);
      }

      @Override
      public void release() {
        decompressor.release();
      }
    };
  }

  @Override
  public void release() {
    codecs.release();
  }
}
