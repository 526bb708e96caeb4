package io.sotto.run;

import io.sotto.problem.Objective;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A SHA-256 of all that the messages of a run depend on. Random numbers of a privacy mechanism are
 * made from a secret and this digest. So two runs whose messages can differ must have different
 * digests. What goes in are contents (the links of a network, the bytes of rows and of a user's own
 * classes), never a path whose content may change.
 */
public final class RunDigest {
  private static final int LENGTH = 16;

  private final MessageDigest digest;

  /** A digest to which nothing has been added yet. */
  public RunDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Adds bytes under a name, with their length, so that no two sequences run into each other. */
  public RunDigest bytes(String what, byte[] bytes) {
    byte[] name = what.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(8).putInt(name.length).putInt(bytes.length).array());
    digest.update(name);
    digest.update(bytes);
    return this;
  }

  /** Adds a text under a name. */
  public RunDigest text(String what, String text) {
    return bytes(what, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds numbers under a name. */
  public RunDigest number(String what, double... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * numbers.length);
    bytes.asDoubleBuffer().put(numbers);
    return bytes(what, bytes.array());
  }

  /** Adds whole numbers under a name. */
  public RunDigest whole(String what, long... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * numbers.length);
    bytes.asLongBuffer().put(numbers);
    return bytes(what, bytes.array());
  }

  /** Adds whole numbers under a name. */
  public RunDigest whole(String what, int[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * numbers.length);
    bytes.asIntBuffer().put(numbers);
    return bytes(what, bytes.array());
  }

  /** Adds a value that can be serialized, and the code of its class. */
  RunDigest value(String what, Object value) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
      out.flush();
      bytes(what, bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(what + " cannot be serialized", e);
    }
    return code(value);
  }

  /**
   * Adds a part: its name and parameters where a configuration chose it, all of it where a program
   * made it; and the code of its class where that is not Sotto's own.
   */
  RunDigest part(String what, Part<?> part) {
    text(what, part.toString());
    return part.isConfigured() ? code(part.value()) : value(what, part.value());
  }

  /** Adds the code of a value's class where that is not Sotto's own: all that came with it. */
  private RunDigest code(Object value) {
    Class<?> type = value instanceof Objective objective ? objective.type() : value.getClass();
    ClassLoader loader = type.getClassLoader();
    if (loader == null || loader == ClassLoader.getPlatformClassLoader()) {
      return this; // the JDK's
    }
    CodeSource source = type.getProtectionDomain().getCodeSource();
    CodeSource own = RunDigest.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return ofResource(type);
    }
    if (own != null
        && String.valueOf(source.getLocation()).equals(String.valueOf(own.getLocation()))) {
      return this;
    }
    try {
      TreeMap<String, byte[]> classes = new TreeMap<>();
      Path place = Path.of(source.getLocation().toURI());
      if (Files.isDirectory(place)) {
        ofFolder(place, classes);
      } else {
        ofJar(place, classes);
      }
      classes.forEach(this::bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("the code of " + type.getName() + " cannot be read", e);
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return ofResource(type); // no file: what the class loader has of the class itself
    }
  }

  private RunDigest ofResource(Class<?> type) {
    URL url = type.getResource("/" + type.getName().replace('.', '/') + ".class");
    if (url == null) {
      throw new IllegalStateException(
          "the code of " + type.getName() + " cannot be found; submit its jar with --jars");
    }
    try (InputStream in = url.openStream()) {
      return bytes(type.getName(), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the code of " + type.getName() + " cannot be read", e);
    }
  }

  private static void ofFolder(Path folder, TreeMap<String, byte[]> classes) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files = all.filter(file -> file.toString().endsWith(".class")).toList();
      for (Path file : files) {
        classes.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
  }

  private static void ofJar(Path file, TreeMap<String, byte[]> classes) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().endsWith(".class")) {
          try (InputStream in = jar.getInputStream(entry)) {
            classes.put(entry.getName(), in.readAllBytes());
          }
        }
      }
    }
  }

  /** The digest so far as text. */
  public String hex() {
    try {
      MessageDigest now = (MessageDigest) digest.clone();
      return HexFormat.of().formatHex(now.digest(), 0, LENGTH);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the SHA-256 of every JDK can be copied", e);
    }
  }
}
