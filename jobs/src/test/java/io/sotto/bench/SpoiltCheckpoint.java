package io.sotto.bench;

import io.sotto.bench.Spoiling.Form;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A checkpoint of which one file is spoilt. Half of them are signed again: damage by chance never
 * passes the digests, but somebody who writes a checkpoint can make these, too.
 */
final class SpoiltCheckpoint {
  private static final String MANIFEST = "manifest.json";
  private static final String BEFORE = ",\n  \"checksum\" : \"";

  private SpoiltCheckpoint() {}

  /** Puts the files there, one of them spoilt, and takes away what else is in their folder. */
  static void write(Path folder, Map<String, byte[]> files, SplittableRandom random)
      throws IOException {
    Map<String, byte[]> spoilt = new TreeMap<>(files);
    List<String> names = List.copyOf(spoilt.keySet());
    String name = names.get(random.nextInt(names.size()));
    boolean signed = random.nextBoolean();
    byte[] before = Objects.requireNonNull(files.get(name));
    boolean manifest = name.endsWith(MANIFEST);
    if (manifest && signed) {
      String text = new String(before, StandardCharsets.ISO_8859_1);
      byte[] body = text.substring(0, text.indexOf(BEFORE)).getBytes(StandardCharsets.ISO_8859_1);
      spoilt.put(name, signed(Spoiling.of(Form.HOCON, body, List.of(body), random)));
    } else {
      Form form = name.endsWith(".parquet") ? Form.PARQUET : manifest ? Form.HOCON : Form.BYTES;
      List<byte[]> others =
          files.entrySet().stream()
              .filter(file -> suffix(file.getKey()).equals(suffix(name)))
              .map(Map.Entry::getValue)
              .toList();
      spoilt.put(name, Spoiling.of(form, before, others, random));
      if (signed && form == Form.PARQUET) {
        signTable(spoilt, name, before);
      }
    }
    removeOthers(folder.resolve(FuzzInputs.CHECKPOINT), folder, spoilt);
    for (Map.Entry<String, byte[]> file : spoilt.entrySet()) {
      Path to = folder.resolve(file.getKey());
      Files.createDirectories(to.getParent());
      Files.write(to, file.getValue());
    }
  }

  private static String suffix(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Writes the digest of a table into the manifests that name it. */
  private static void signTable(Map<String, byte[]> files, String table, byte[] before) {
    for (String name : List.copyOf(files.keySet())) {
      if (name.endsWith(MANIFEST)) {
        String text =
            new String(Objects.requireNonNull(files.get(name)), StandardCharsets.ISO_8859_1);
        String now = text.replace(sha256(before), sha256(Objects.requireNonNull(files.get(table))));
        files.put(
            name,
            signed(now.substring(0, now.indexOf(BEFORE)).getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
  }

  private static byte[] signed(byte[] body) {
    String text = new String(body, StandardCharsets.ISO_8859_1) + BEFORE + sha256(body) + "\"\n}\n";
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Removes a folder of empty folders. */
  static void removeFolders(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path folder : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(folder);
      }
    }
  }

  private static void removeOthers(Path root, Path folder, Map<String, byte[]> files)
      throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!files.containsKey(folder.relativize(file).toString())) {
          Files.delete(file);
        }
      }
    }
  }
}
