package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKindTest {
  private static final String TEXT = "who,y,a\nann,1,2\n";

  @TempDir Path folder;

  private String text(Path file) throws IOException {
    return new String(Heard.file(file).open(Heard.HADOOP).readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void gzipIsReadWhateverItIsCalled() throws IOException {
    for (String name : new String[] {"a.csv", "a.csv.gz", "a"}) {
      Path file = folder.resolve(name);
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write(TEXT.getBytes(StandardCharsets.UTF_8));
      }
      assertThat(text(file)).isEqualTo(TEXT);
    }
    assertThat(text(Files.writeString(folder.resolve("b.csv"), TEXT))).isEqualTo(TEXT);
    assertThat(text(Files.writeString(folder.resolve("empty.gz"), ""))).isEmpty();
  }

  @Test
  void whatIsNoTextIsNamed() throws IOException {
    Path zip = folder.resolve("a.csv");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("rows.csv"));
      out.write(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    assertRefused(zip, "a.csv is a zip archive", "Unpack it");
    assertRefused(bytes("b.csv", "5041523115041500"), "is Parquet", "data.format = parquet");
    assertRefused(bytes("c.csv", "fd377a585a000004"), "compressed by xz");
    assertRefused(bytes("h.orc", "4f5243081212"), "h.orc is ORC");
    String orchards = "ORCHARD,y,a\nann,1,2\n";
    assertThat(text(Files.writeString(folder.resolve("i.csv"), orchards))).isEqualTo(orchards);
    assertRefused(bytes("e.csv.zst", "28b52ffd04000100"), "compressed by zstd", "gzip");
    assertRefused(
        bytes("f.csv", "00".repeat(3) + "61".repeat(254) + "757374617200"), "is a tar archive");
    byte[] wide = TEXT.getBytes(StandardCharsets.UTF_16LE);
    assertRefused(Files.write(folder.resolve("g.csv"), wide), "UTF-16", "save it as UTF-8");
    assertRefused(Files.writeString(folder.resolve("d.csv.gz"), TEXT), "is not gzip", "Rename it");
  }

  @Test
  void whatIsDecompressedMustBeText() throws IOException {
    Path file = folder.resolve("a.csv.gz");
    try (OutputStream out =
        new GZIPOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      out.write(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    assertRefused(file, "a.csv.gz holds, once decompressed, what is gzip", "Unpack it");
  }

  private Path bytes(String name, String hex) throws IOException {
    return Files.write(folder.resolve(name), HexFormat.of().parseHex(hex));
  }

  private void assertRefused(Path file, String... parts) {
    assertThatThrownBy(() -> text(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(parts);
  }
}
