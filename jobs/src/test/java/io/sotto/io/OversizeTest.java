package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small files that say they are large, and lines with no end, are refused before memory is used up.
 */
class OversizeTest {
  private static final long BOMB = LineBound.MOST_BYTES + (1L << 20);

  @TempDir Path dir;

  /** A file of one part again and again, which is a thousandth as long once it is compressed. */
  private InputFile bomb(String name, String begin, String part) throws IOException {
    Path file = dir.resolve(name);
    byte[] block = part.repeat((1 << 16) / part.length()).getBytes(StandardCharsets.UTF_8);
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out = new GZIPOutputStream(raw)) {
      out.write(begin.getBytes(StandardCharsets.UTF_8));
      for (long done = 0; done < BOMB; done += block.length) {
        out.write(block);
      }
    }
    assertThat(Files.size(file)).isLessThan(BOMB / 100);
    return Heard.file(file);
  }

  /** A part of 4 MB again and again, in far fewer bytes. */
  private InputFile bzip2(String name, String begin, String part, int times) throws IOException {
    Path file = dir.resolve(name);
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(Heard.HADOOP);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    byte[] block = part.repeat((1 << 20) / part.length()).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = codec.createOutputStream(stream)) {
      for (int k = 0; k < 4; k++) {
        out.write(block);
      }
    }
    try (OutputStream raw = Files.newOutputStream(file)) {
      try (OutputStream out = codec.createOutputStream(raw)) {
        out.write(begin.getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] again = stream.toByteArray();
    try (OutputStream raw = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      for (int k = 0; k < times; k++) {
        raw.write(again);
      }
    }
    assertThat(Files.size(file)).isLessThan(1 << 20);
    return Heard.file(file);
  }

  private static void assertRefused(RowReader reader, InputFile file, String... parts) {
    assertThatThrownBy(() -> reader.read(file, Heard.HADOOP, new Heard(agent -> true)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(file.place())
        .hasMessageContainingAll(parts);
  }

  @Test
  void aLineWithNoEndIsNotReadToItsEnd() throws IOException {
    InputFile file = bomb("rows.svm.gz", "1 1:2\n1 ", "1:2 ");
    assertRefused(new LibsvmRows(null), file, ":2: the line is longer than 64 MB");
  }

  @Test
  void aLineOfUsualLengthIsRead() throws IOException {
    StringBuilder line = new StringBuilder("1");
    for (int j = 1; j <= 200_000; j++) {
      line.append(String.format(Locale.ROOT, " %d:1", j));
    }
    Path file = Files.writeString(dir.resolve("rows.svm"), line + "\n" + line);
    assertThat(Heard.of(new LibsvmRows(null), file).rows).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "x,", "\"x"})
  void aHeaderWithNoEndIsRefused(String part) throws IOException {
    InputFile file = bomb("rows.csv.gz", "who,y,", part);
    Columns columns = new Columns("who", "y", List.of());
    assertThatThrownBy(
            () ->
                CsvRows.of(
                    columns, List.of(file), Heard.HADOOP, true, names -> new NumberFields(0)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("rows.csv.gz")
        .message()
        .hasSizeLessThan(1000);
  }

  @Test
  @Timeout(60)
  void gigabytesOfOneLineAreNotRead() throws IOException {
    InputFile file = bzip2("rows.svm.bz2", "1 1:2\n1 ", "x", 1024);
    assertRefused(new LibsvmRows(null), file, ":2: the line is longer than 64 MB");
  }

  /** Nothing else would end that: each of these lines is as it may be. */
  @Test
  @Timeout(60)
  void linesOfFarMoreBytesThanTheFileAreNotRead() throws IOException {
    InputFile file = bzip2("rows.svm.bz2", "1 1:2\n", "#" + "x".repeat(1022) + "\n", 20);
    assertThatThrownBy(
            () -> new LibsvmRows(null).read(file, Heard.HADOOP, new Heard(agent -> true)))
        .hasMessageContainingAll(
            file.uri() + " holds more than 67.1 MB once decompressed, from ",
            "decompress it, and name that file");
  }

  @Test
  void aPromptWithNoEndIsRefused() throws IOException {
    InputFile file = bomb("north.jsonl.gz", "{\"prompt\": \"", "x");
    assertThatThrownBy(
            () ->
                new JsonDocuments(null)
                    .read(new TextPart(file, "north"), Heard.HADOOP, new Nobody()))
        .hasStackTraceContaining(":1: the line is longer than 64 MB");
  }

  private static final class Nobody implements Documents.Taker {
    @Override
    public boolean wants(String agent) {
      return false;
    }

    @Override
    public void document(
        String where, String agent, String prompt, String text, boolean begins, boolean ends) {
      throw new AssertionError("it was not wanted");
    }
  }

  private Path table(CompressionCodecName codec) throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m { required binary a; }");
    Path file = dir.resolve("rows.parquet");
    try (ParquetWriter<org.apache.parquet.example.data.Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toString()))
            .withType(schema)
            .withCompressionCodec(codec)
            .withDictionaryEncoding(false)
            .build()) {
      writer.write(new SimpleGroupFactory(schema).newGroup().append("a", "0".repeat(1 << 19)));
    }
    Files.deleteIfExists(dir.resolve(".rows.parquet.crc")); // tests spoil the file
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"GZIP", "SNAPPY"})
  void aPageThatSaysItIsLongIsNotMadeRoomFor(String codec) throws IOException {
    Path file = table(CompressionCodecName.valueOf(codec));
    assertThat(Files.size(file)).isLessThan(1 << 17);
    assertThat(read(file, 1 << 20)).isEqualTo(1);
    assertThatThrownBy(() -> read(file, 1 << 18))
        .hasStackTraceContaining("a page says that it holds 524292 bytes");
  }

  private static int read(Path file, long most) throws IOException {
    int rows = 0;
    try (ParquetReader<org.apache.parquet.example.data.Group> reader =
        ParquetReader.builder(
                new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toString()))
            .withCodecFactory(new PageBound(Heard.HADOOP, most))
            .build()) {
      while (reader.read() != null) {
        rows++;
      }
    }
    return rows;
  }

  @Test
  void aColumnThatSaysItIsLongerThanTheFileIsNotRead() throws IOException {
    Path file = table(CompressionCodecName.GZIP);
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(file.toString()), Heard.HADOOP))) {
      PageBound.requireWhole(reader, Files.size(file));
      assertThatThrownBy(() -> PageBound.requireWhole(reader, 100))
          .isInstanceOf(ParquetDecodingException.class);
    }
  }

  /** Bytes of the footer that are none of it: its statistics hold values, and stay untold. */
  @Test
  void aDamagedFooterIsAFaultOfTheFile() throws IOException {
    Path file = table(CompressionCodecName.UNCOMPRESSED);
    byte[] whole = Files.readAllBytes(file);
    int told = 0;
    for (int at = whole.length - 9; at > whole.length - 60; at--) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x15;
      Files.write(file, flipped);
      try {
        ParquetRows.meta(Heard.file(file), Heard.HADOOP);
      } catch (BadInputException e) {
        told++;
        assertThat(e.getMessage()).endsWith("not Parquet, or not whole; say its data.format.");
      }
    }
    assertThat(told).isPositive();
  }
}
