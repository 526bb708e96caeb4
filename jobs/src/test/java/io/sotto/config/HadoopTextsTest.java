package io.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopTextsTest {
  private final Configuration configuration = new Configuration();
  private final Texts texts = new HadoopTexts(configuration);

  @TempDir Path folder;

  @Test
  void readsPathsAndUris() throws IOException {
    Path file = Files.writeString(folder.resolve("a b%20ä.conf"), "größe = 1");
    String relative = Path.of("").toAbsolutePath().relativize(file).toString();
    assertThat(relative).startsWith("..");
    assertThat(texts.read(file.toString())).contains("größe = 1");
    assertThat(texts.read("file:" + file)).contains("größe = 1");
    assertThat(texts.read("file://" + file)).contains("größe = 1");
    assertThat(texts.read(relative)).contains("größe = 1");
  }

  @Test
  void relativePathsAreLocalWhateverTheDefaultFileSystemIs() throws IOException {
    configuration.set("fs.defaultFS", "hdfs://localhost:1");
    assertThat(texts.read("../conf/hospitals.conf")).isPresent();
  }

  @Test
  void missingFilesAreNothingAndOthersAnError() throws IOException {
    assertThat(texts.read(folder.resolve("none.conf").toString())).isEmpty();
    assertThatThrownBy(() -> texts.read(folder.toString())).hasMessage("it is a folder");
    Path latin = Files.write(folder.resolve("l.conf"), new byte[] {'a', (byte) 0xe4, 'b'});
    assertThatThrownBy(() -> texts.read(latin.toString())).hasMessage("it is not UTF-8");
    for (String uri : List.of("", "nofs://a/b", "hdfs://no-such-host.invalid:1/x")) {
      assertThatThrownBy(() -> texts.read(uri)).describedAs(uri).isInstanceOf(IOException.class);
    }
  }

  /** Also where the text would be in order, such as a comment of 16 MB. */
  @Test
  void aLongTextIsRefusedAsTheFileAndAsAnIncludedOne() throws IOException {
    Path file = folder.resolve("long.conf");
    Files.writeString(file, Sample.MINIMAL + "#" + "x".repeat(1 << 24) + "\n");
    assertThatThrownBy(() -> ConfigLoader.load(file.toString(), List.of(), texts))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "%s cannot be read: it is longer than 16 MB; mend that, or give another file.", file);
    Path other = Files.writeString(folder.resolve("other.conf"), "include \"long.conf\"\n");
    assertThatThrownBy(() -> ConfigLoader.load(other.toString(), List.of(), texts))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(file.toString(), "it is longer than 16 MB");
  }

  @Test
  void loadsFromHdfsWithIncludes() throws IOException {
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    try (MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration).build()) {
      String root = cluster.getURI().toString();
      write(cluster, "/conf/x.conf", "include \"../y.conf\"\ninclude \"/z.conf\"\n");
      write(cluster, "/y.conf", Sample.MINIMAL);
      write(cluster, "/z.conf", "seed = 8\n");
      Path local = folder.resolve("local.conf");
      Files.writeString(local, "include \"%s/conf/x.conf\"\nstop.check-every = 9".formatted(root));
      RunConfig config = ConfigLoader.load("file:" + local, List.of(), texts).config();
      assertThat(config.settings().seed()).isEqualTo(8);
      assertThat(config.settings().stop().checkEvery()).hasValue(9);

      write(cluster, "/conf/broken.conf", "\ninclude \"none.conf\"\n");
      assertThatThrownBy(() -> ConfigLoader.load(root + "/conf/broken.conf", List.of(), texts))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(
              root
                  + "/conf/broken.conf:2: the included file "
                  + root
                  + "/conf/none.conf is missing");
    }
  }

  private static void write(MiniDFSCluster cluster, String path, String text) throws IOException {
    try (FSDataOutputStream out =
        cluster.getFileSystem().create(new org.apache.hadoop.fs.Path(path))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
