package io.sotto.io;

import io.sotto.engine.Coordinator;
import io.sotto.engine.StoredState;
import io.sotto.engine.StoredStates;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The states of all cells in the files of a checkpoint. Each is written, checked and read in the
 * process that holds the cell, and so does not pass through the driver.
 *
 * @param files in the order of cells
 * @param root the folder of all checkpoints
 */
record CellFiles(List<StateFile> files, String root, SerializableConfiguration hadoop)
    implements StoredStates {

  /** Of files that are there. */
  static CellFiles of(List<StateFile> files, String root, Configuration hadoop) {
    return new CellFiles(files, root, new SerializableConfiguration(hadoop));
  }

  /** What a cell answers: its file, or why there is none. */
  private record Part(@Nullable StateFile file, @Nullable Throwable failure)
      implements Serializable {}

  /**
   * Has each cell write its state as it stands.
   *
   * @param folder below the root
   * @throws IOException if any cannot
   */
  static CellFiles write(Coordinator cells, String root, String folder, Configuration hadoop)
      throws IOException {
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    List<StateFile> files = new ArrayList<>();
    List<Part> parts =
        cells.ask(
            StoredState.writing((cell, state) -> part(cell, state, root, folder, shared)), null);
    StateFile.finish(root, folder, hadoop);
    for (Part part : parts) {
      if (part.failure() != null) {
        throw new IOException(part.failure());
      }
      files.add(Objects.requireNonNull(part.file()));
    }
    return new CellFiles(files, root, shared);
  }

  private static Part part(
      int cell, StoredState state, String root, String folder, SerializableConfiguration hadoop) {
    try {
      return new Part(StateFile.write(state, root, folder, cell, hadoop.value()), null);
    } catch (IOException | FSError e) { // an FSError is Hadoop's word for a full disk
      return new Part(null, e);
    }
  }

  /** Has each cell check its file; says why one cannot be used. */
  Optional<String> fault(Coordinator cells) {
    CellFiles all = this;
    return cells.ask(StoredState.<String>checking(all::fault), null).stream()
        .filter(fault -> !fault.isEmpty())
        .findFirst();
  }

  private String fault(int cell) {
    if (cell >= files.size()) {
      return "there is no state of cell " + cell;
    }
    try {
      files.get(cell).verify(root, hadoop.value());
      return "";
    } catch (IOException e) {
      return IoFailure.why(e);
    }
  }

  @Override
  public StoredState of(int cell) {
    try {
      return files.get(cell).read(StoredState.class, root, hadoop.value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
