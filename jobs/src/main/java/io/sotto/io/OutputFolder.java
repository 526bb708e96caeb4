package io.sotto.io;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A result directory. All is written into a folder beside it, which takes its place by renames when
 * everything is there; {@code _SUCCESS} comes last. If anything fails before, what was there stays.
 */
public final class OutputFolder implements AutoCloseable {
  private static final FsPermission OWNER_FOLDER = new FsPermission((short) 0700);
  private static final FsPermission OWNER_FILE = new FsPermission((short) 0600);
  private static final Logger LOG = LoggerFactory.getLogger(OutputFolder.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final int BUFFER = 1 << 12;

  private final Configuration hadoop;
  private final FileSystem system;
  private final Path target;
  private final Path aside;
  private final boolean overwrite;
  private boolean kept;

  /**
   * Refuses a place where there is something already; writes nothing yet.
   *
   * @throws BadInputException if the place is taken and may not be overwritten
   */
  public OutputFolder(String path, boolean overwrite, Configuration hadoop) throws IOException {
    this.hadoop = hadoop;
    this.overwrite = overwrite;
    HadoopPath place = HadoopPath.of("output.path", path, hadoop);
    this.system = place.system();
    system.setWriteChecksum(false); // no .crc files beside the results on file:
    this.target = system.makeQualified(place.path());
    if (target.getParent() == null) {
      throw new BadInputException(
          "output.path is '%s', which is a root; choose a folder in it.".formatted(path));
    }
    this.aside = beside("writing");
    if (system.exists(target) && !overwrite) {
      throw new BadInputException(
          "output.path is '%s', which exists; choose another, or set output.overwrite = true."
              .formatted(path));
    }
  }

  /**
   * Refuses to replace a folder that holds what is read.
   *
   * @param inputs URIs of files
   * @throws BadInputException if an input is the place of the result, or in it
   */
  public void spareInputs(List<String> inputs) {
    for (String input : inputs) {
      for (Path up = new Path(input); up != null; up = up.getParent()) {
        if (up.equals(target)) {
          throw new BadInputException(
              "output.path is '%s', which holds the input %s; choose another folder."
                  .formatted(target, input));
        }
      }
    }
  }

  private Path beside(String what) {
    return new Path(
        target.getParent(), "." + target.getName() + "." + what + "." + UUID.randomUUID());
  }

  /**
   * Makes the folder to write into, so that a place where nothing can be written is known early.
   */
  public void open() throws IOException {
    if (!system.mkdirs(aside)) {
      throw new IOException("cannot make the folder " + aside);
    }
  }

  /** How its file system is reached. */
  Configuration hadoop() {
    return hadoop;
  }

  /** Where a part of the result is to be written. */
  public String part(String name) {
    return new Path(aside, name).toString();
  }

  /** Writes a part as JSON. */
  public void json(String name, Map<String, ?> content) throws IOException {
    text(name, JSON.writeValueAsString(content) + "\n");
  }

  /** Writes a part as text. */
  public void text(String name, String content) throws IOException {
    try (OutputStream out = system.create(new Path(aside, name))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Makes a folder, and those above it up to that of the result, that their owner alone may enter.
   *
   * @return false if the file system cannot keep others out; then there is no such folder
   */
  public boolean ownerFolder(String name) throws IOException {
    return ownerFolder(new Path(aside, name));
  }

  private boolean ownerFolder(Path folder) throws IOException {
    if (folder.equals(aside) || system.exists(folder)) {
      return true;
    }
    if (!ownerFolder(folder.getParent())) {
      return false;
    }
    if (!system.mkdirs(folder, OWNER_FOLDER)) {
      throw new IOException("cannot make the folder " + folder);
    }
    if (ownerOnly(folder)) {
      return true;
    }
    delete(folder);
    return false;
  }

  private boolean ownerOnly(Path path) throws IOException {
    return SecretFile.ownerOnly(system.getFileStatus(path));
  }

  /** Writes a part as text that its owner alone may read, in folders that are his alone. */
  public void ownerText(String name, String content) throws IOException {
    Path file = new Path(aside, name);
    if (!ownerFolder(file.getParent())) {
      throw new IOException("others than the owner may enter " + file.getParent());
    }
    try (OutputStream out =
        system.create(
            file,
            OWNER_FILE,
            false,
            BUFFER,
            system.getDefaultReplication(file),
            system.getDefaultBlockSize(file),
            null)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    if (!ownerOnly(file)) {
      delete(file);
      throw new IOException("others than the owner may read " + file);
    }
  }

  /** Puts the folder in its place. */
  public void publish() throws IOException {
    if (system.exists(target)) {
      if (!overwrite) {
        kept = true;
        throw new BadInputException(
            "output.path is '%s', which was made during the run; the result is in '%s'."
                .formatted(target, aside));
      }
      Path old = beside("old");
      rename(target, old);
      try {
        rename(aside, target);
      } catch (IOException e) {
        rename(old, target);
        throw e;
      }
      delete(old);
    } else {
      rename(aside, target);
    }
    system.create(new Path(target, "_SUCCESS")).close();
  }

  private void rename(Path from, Path to) throws IOException {
    if (!system.rename(from, to)) {
      throw new IOException("cannot rename %s to %s".formatted(from, to));
    }
  }

  private void delete(Path path) {
    try {
      system.delete(path, true);
    } catch (IOException e) {
      LOG.warn("Could not remove {}; it can be deleted", path, e);
    }
  }

  /**
   * Removes what was written and not published, but not a result that only found its place taken.
   */
  @Override
  public void close() throws IOException {
    if (!kept && system.exists(aside)) {
      delete(aside);
    }
  }
}
