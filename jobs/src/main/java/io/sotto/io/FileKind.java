package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** What the first bytes of a file say that it is, whatever its name says. */
enum FileKind {
  GZIP("1f8b08", "gzip", ".gz", ""),
  BZIP2("425a68..314159265359", "bzip2", ".bz2", ""),
  ZIP(
      "504b0(304|506|708)",
      "a zip archive, as .xlsx files are",
      "",
      "Unpack it, or save it as csv"),
  SEVEN_ZIP("377abcaf271c", "a 7z archive", "", "Unpack it"),
  RAR("526172211a07", "a rar archive", "", "Unpack it"),
  XZ("fd377a585a00", "compressed by xz", "", "Unpack it, or compress it by gzip"),
  ZSTD("28b52ffd", "compressed by zstd", "", "Unpack it, or compress it by gzip"),
  LZ4("04224d18", "compressed by lz4", "", "Unpack it, or compress it by gzip"),
  LZMA("5d0000[0-9a-f]{4}(ff){8}", "compressed by lzma", "", "Unpack it, or compress it by gzip"),
  TAR(".{514}7573746172[02]0", "a tar archive", "", "Unpack it"),
  ORC("4f5243(0[0-8bcef]|1)", "ORC", "", "Write it as csv or Parquet"),
  PARQUET("5041523115", "Parquet", "", "Set data.format = parquet, or write it as csv"),
  AVRO("4f626a01", "Avro", "", "Write it as csv or Parquet"),
  OLD_EXCEL("d0cf11e0a1b11ae1", "an .xls workbook", "", "Save it as csv"),
  WIDE(
      "(..00){4}|(00..){4}",
      "binary, or in UTF-16 without a byte order mark", "", "If it is text, save it as UTF-8"),
  OTHER("", "something else", "", "");

  private static final int LONGEST = 512;

  private final Pattern bytes;
  private final String words;
  private final String suffix;
  private final String remedy;

  /**
   * @param bytes the first bytes, a regular expression over hexadecimal digits
   * @param suffix of the names of such files, where they are decompressed; else empty
   * @param remedy what to do with such a file; empty if it is read
   */
  FileKind(String bytes, String words, String suffix, String remedy) {
    this.bytes = Pattern.compile(bytes);
    this.words = words;
    this.suffix = suffix;
    this.remedy = remedy;
  }

  /** Looks at the first bytes of a stream that can be reset, and resets it. */
  static FileKind of(InputStream in) throws IOException {
    in.mark(LONGEST);
    String start = HexFormat.of().formatHex(in.readNBytes(LONGEST));
    in.reset();
    for (FileKind kind : values()) {
      if (kind.bytes.matcher(start).lookingAt()) {
        return kind;
      }
    }
    return OTHER;
  }

  /** Looks at the first bytes of a file. */
  static FileKind of(InputFile file, Configuration hadoop) throws IOException {
    try (InputStream in =
        new BufferedInputStream(file.path().getFileSystem(hadoop).open(file.path()))) {
      return of(in);
    }
  }

  /** For messages: a zip archive. */
  String words() {
    return words;
  }

  /**
   * The text in a file, decompressed if need be.
   *
   * @param raw its bytes, a stream that can be reset
   * @throws BadInputException if it is no text, or not what its name says
   */
  static InputStream text(InputFile file, InputStream raw, Configuration hadoop)
      throws IOException {
    FileKind kind = of(raw);
    if (!kind.remedy.isEmpty()) {
      throw new BadInputException(
          "%s is %s, not text. %s.".formatted(file.place(), kind.words, kind.remedy));
    }
    CompressionCodecFactory codecs = new CompressionCodecFactory(hadoop);
    CompressionCodec named = codecs.getCodec(file.path());
    if (!kind.suffix.isEmpty()) {
      return plain(
          file,
          InputBytes.of(
              file, raw, codecs.getCodec(new org.apache.hadoop.fs.Path("content" + kind.suffix))));
    }
    if (named == null || file.bytes() == 0) {
      return raw;
    }
    for (FileKind said : values()) {
      if (!said.suffix.isEmpty() && named.getDefaultExtension().equals(said.suffix)) {
        throw new BadInputException(
            "%s is not %s, which its name says. Rename it if it is text; else fetch it again."
                .formatted(file.place(), said.words));
      }
    }
    return plain(file, InputBytes.of(file, raw, named));
  }

  /** What was decompressed, if it is text. */
  private static InputStream plain(InputFile file, InputStream decompressed) throws IOException {
    InputStream in = new BufferedInputStream(decompressed, 1 << 16);
    try {
      FileKind kind = of(in);
      if (kind != OTHER) {
        throw new BadInputException(
            "%s holds, once decompressed, what is %s, not text. %s."
                .formatted(
                    file.place(), kind.words, kind.remedy.isEmpty() ? "Unpack it" : kind.remedy));
      }
      return in;
    } catch (IOException | BadInputException e) {
      in.close();
      throw e;
    }
  }
}
