package io.sotto.bench;

import io.sotto.bench.Spoiling.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A kind of file that is spoilt.
 *
 * @param name of the kind
 * @param form of its files
 * @param file where Sotto looks for the file, by the folder of the inputs
 * @param valid files as they should be
 * @param confs texts of configurations, one of which is drawn for each input; an empty one for none
 * @param checkpoint by path, files that are put there before each input; empty for none
 */
record FuzzKind(
    String name,
    Form form,
    String file,
    List<byte[]> valid,
    List<String> confs,
    Map<String, byte[]> checkpoint) {

  /** Writes the first file as it should be beside a configuration, of which it has the number. */
  void writeValid(Path folder, int conf) throws IOException {
    if (checkpoint.isEmpty()) {
      Files.write(folder.resolve(file), valid.get(0));
    }
    if (!confs.get(conf).isEmpty()) {
      Files.writeString(folder.resolve("x.conf"), confs.get(conf));
    }
  }

  /** Writes an input: one file that is spoilt, and all that may have changed since the last. */
  void write(Path folder, SplittableRandom random) throws IOException {
    String conf = confs.get(random.nextInt(confs.size()));
    if (!conf.isEmpty()) {
      Files.writeString(folder.resolve("x.conf"), conf);
    }
    if (!checkpoint.isEmpty()) {
      SpoiltCheckpoint.write(folder, checkpoint, random);
      return;
    }
    byte[] one = valid.get(random.nextInt(valid.size()));
    Files.write(folder.resolve(file), Spoiling.of(form, one, valid, random));
  }
}
