package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a local disk. */
class OwnerOnlyTest {
  @TempDir java.nio.file.Path dir;

  private static FileSystem system() throws IOException {
    return FileSystem.getLocal(Heard.HADOOP);
  }

  private static Path path(java.nio.file.Path local) {
    return new Path(local.toUri());
  }

  private static String permissions(java.nio.file.Path local) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(local));
  }

  private static boolean holds(java.nio.file.Path local) throws IOException {
    return OwnerOnly.holds(system().getFileStatus(path(local)));
  }

  @Test
  void whatIsMadeIsItsOwnersAlone() throws IOException {
    java.nio.file.Path folder = dir.resolve("a/b/c");
    assertThat(OwnerOnly.makeFolder(system(), path(folder))).isTrue();
    assertThat(permissions(folder)).isEqualTo("rwx------");
    java.nio.file.Path file = folder.resolve("file");
    OwnerOnly.create(system(), path(file), false).close();
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(holds(folder)).isTrue();
    assertThat(holds(file)).isTrue();
  }

  @Test
  void whatIsThereStays() throws IOException {
    java.nio.file.Path folder = Files.createDirectory(dir.resolve("open"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x--x"));
    assertThat(OwnerOnly.makeFolder(system(), path(folder))).isTrue();
    assertThat(permissions(folder)).isEqualTo("rwxr-x--x");
    assertThat(holds(folder)).isFalse();
    java.nio.file.Path file = Files.createFile(dir.resolve("file"));
    assertThat(OwnerOnly.makeFolder(system(), path(file))).isFalse();
  }

  @Test
  void aLinkIsNobodysAlone() throws IOException {
    java.nio.file.Path file = Files.createFile(dir.resolve("file"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(holds(file)).isTrue();
    assertThat(holds(Files.createSymbolicLink(dir.resolve("link"), file))).isFalse();
  }
}
