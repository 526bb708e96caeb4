package io.sotto.io;

import io.sotto.config.RunConfig;
import io.sotto.engine.Coordinator;
import io.sotto.engine.StoredStates;
import io.sotto.privacy.mechanism.Secret;
import io.sotto.problem.BadInputException;
import io.sotto.run.Checkpoints;
import io.sotto.run.RunIdentity;
import io.sotto.run.SavedRun;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a run in a folder that its owner alone may enter: in it a folder for each,
 * numbered, with a {@link Manifest} that is written last, and tables that {@link StateFile} writes.
 * A secret that was made for the run alone is beside them. They hold what agents know, and so are
 * as private as the rows.
 */
public final class CheckpointFolder implements Checkpoints {
  private static final FsPermission OWNER_FOLDER = new FsPermission((short) 0700);
  private static final FsPermission OWNER_FILE = new FsPermission((short) 0600);
  private static final String SECRET = "secret";
  private static final String CELLS = "cells";
  private static final String OPERATOR = "operator";
  private static final int LARGEST_SECRET = 1 << 10;

  private final OutputFolder output;
  private final FileSystem system;
  private final Path root;
  private final RunConfig.Checkpoint settings;
  private final boolean fresh;
  private final Map<String, Object> versions;
  private final Configuration hadoop;
  private final Consumer<String> told;
  private @Nullable RunIdentity run;

  /** The earlier checkpoints that can be used, the latest first. */
  private List<Earlier> earlier = List.of();

  private record Earlier(int number, Manifest manifest) {}

  /**
   * Reads and writes nothing yet.
   *
   * @param output the result, beside which they are if no other place is named; its lock is theirs
   * @param fresh whether to remove those that an earlier run left
   * @param versions of what writes them
   * @param told takes warnings
   */
  public CheckpointFolder(
      OutputFolder output,
      RunConfig.Checkpoint settings,
      boolean fresh,
      Map<String, Object> versions,
      Consumer<String> told)
      throws IOException {
    this.output = output;
    this.settings = settings;
    this.fresh = fresh;
    this.versions = versions;
    this.hadoop = output.hadoop();
    this.told = told;
    this.root =
        settings
            .path()
            .map(path -> qualified(HadoopPath.of("checkpoint.path", path, hadoop)))
            .orElseGet(() -> output.beside("checkpoint"));
    this.system = root.getFileSystem(hadoop);
  }

  private static Path qualified(HadoopPath place) {
    return place.system().makeQualified(place.path());
  }

  @Override
  public Optional<Secret> secret() throws IOException {
    Path file = new Path(root, SECRET);
    if (fresh || !system.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = system.open(file)) {
      return Optional.of(Secret.kept(in.readNBytes(LARGEST_SECRET)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // cut short: the marks will differ
    }
  }

  @Override
  public void open(RunIdentity now) throws IOException {
    run = now;
    try {
      if (fresh) {
        remove();
        return;
      }
      earlier = readable();
    } catch (IOException e) {
      throw failed("cannot be looked at", e);
    }
    if (earlier.isEmpty()) {
      return;
    }
    Manifest last = earlier.get(0).manifest();
    RunDifference difference = RunDifference.of(last, now);
    if (difference.isNone()) {
      return;
    }
    boolean dropped =
        switch (settings.onMismatch()) {
          case REFUSE -> false;
          case FRESH -> true;
          case AUTO -> difference.ofInputsOnly();
        };
    if (!dropped) {
      throw new BadInputException(
          ("A run that died left a checkpoint at tick %d in %s, and it is not this run: %s. Run it"
                  + " as it was to go on from there, or give --fresh to remove the checkpoint and"
                  + " begin anew.")
              .formatted(last.tick(), root, difference));
    }
    told.accept(
        "A checkpoint of a run that died at tick %d or later is removed, because it is not this run: %s"
            .formatted(last.tick(), difference));
    remove();
    earlier = List.of();
  }

  /** The manifests that are whole, the latest first. */
  private List<Earlier> readable() throws IOException {
    List<Earlier> found = new ArrayList<>();
    for (int number : numbers()) {
      Path file = new Path(folder(number), Manifest.NAME);
      try (InputStream in = system.open(file)) {
        Manifest manifest = Manifest.read(in.readAllBytes());
        if (manifest.isOfKnownRun()) {
          found.add(new Earlier(number, manifest));
        }
      } catch (FileNotFoundException e) {
        told.accept(
            "The checkpoint %s was not written to its end; the one before is used"
                .formatted(folder(number)));
      } catch (BadInputException e) {
        other(number, e.getMessage());
      } catch (IOException e) {
        damaged(number, e);
      }
    }
    return found;
  }

  private void other(int number, @Nullable String why) throws IOException {
    if (settings.onMismatch() != RunConfig.OnMismatch.FRESH) {
      throw new BadInputException(
          "The checkpoint %s cannot be used: %s. Give --fresh to remove it and begin anew."
              .formatted(folder(number), why));
    }
    told.accept("The checkpoint %s is not used: %s".formatted(folder(number), why));
  }

  private void damaged(int number, Exception e) {
    told.accept(
        "The checkpoint %s is damaged, and the one before is used: %s"
            .formatted(folder(number), IoFailure.why(e)));
  }

  @Override
  public Optional<Found> latest(Coordinator cells) throws IOException {
    for (Earlier one : earlier) {
      Manifest manifest = one.manifest();
      if (manifest.operator() == null) {
        told.accept("The run before was interrupted before tick 1; this one begins there");
        return Optional.empty();
      }
      CellFiles states = CellFiles.of(manifest.cells(), root.toString(), hadoop);
      try {
        SavedRun saved = manifest.operator().read(SavedRun.class, root.toString(), hadoop);
        Optional<String> fault = states.fault(cells);
        if (fault.isPresent()) {
          throw new IOException(fault.get());
        }
        return Optional.of(new Found(saved, states));
      } catch (IOException e) {
        damaged(one.number(), e);
      }
    }
    if (!earlier.isEmpty()) {
      told.accept("No checkpoint is whole; the run begins anew");
    }
    return Optional.empty();
  }

  @Override
  public Optional<StoredStates> save(SavedRun saved, boolean interrupted, Coordinator cells)
      throws IOException {
    try {
      if (!output.holdsLock()) {
        throw new IOException("another run has taken over output.path");
      }
      List<Integer> numbers = numbers();
      int number = numbers.isEmpty() ? 1 : numbers.get(0) + 1;
      Path folder = folder(number);
      make(folder);
      for (String part : List.of(CELLS, OPERATOR)) {
        if (!system.mkdirs(new Path(folder, part), OWNER_FOLDER)) {
          throw new IOException("the folder %s cannot be made".formatted(new Path(folder, part)));
        }
      }
      String place = root.toString();
      String name = folder.getName();
      CellFiles states = CellFiles.write(cells, place, name + "/" + CELLS, hadoop);
      StateFile operator = StateFile.write(saved, place, name + "/" + OPERATOR, 0, hadoop);
      String status = interrupted ? Manifest.INTERRUPTED : Manifest.RUNNING;
      publish(folder, Manifest.of(status, saved.tick(), versions, run(), operator, states.files()));
      sweep(number);
      return Optional.of(states);
    } catch (IOException | FSError e) {
      throw failed("cannot be written", e);
    } catch (RuntimeException e) {
      if (IoFailure.message(e) == null) {
        throw e;
      }
      throw failed("cannot be written", e);
    }
  }

  private void make(Path folder) throws IOException {
    if (!system.mkdirs(root, OWNER_FOLDER) || !system.mkdirs(folder, OWNER_FOLDER)) {
      throw new IOException("the folder %s cannot be made".formatted(folder));
    }
    if (!SecretFile.ownerOnly(system.getFileStatus(root))) {
      throw new IOException("others than its owner may enter " + root);
    }
    Optional<Secret> secret = run == null ? Optional.empty() : run.fresh();
    Path file = new Path(root, SECRET);
    if (secret.isPresent() && !system.exists(file)) {
      write(file, secret.get().kept());
    }
  }

  private void publish(Path folder, Manifest manifest) throws IOException {
    Path aside = new Path(folder, "." + Manifest.NAME);
    write(aside, manifest.bytes());
    if (!system.rename(aside, new Path(folder, Manifest.NAME))) {
      throw new IOException("cannot rename " + aside);
    }
  }

  private void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = FileSystem.create(system, file, OWNER_FILE)) {
      out.write(bytes);
    }
  }

  /** Removes all but the latest ones, and what was not written to its end. */
  private void sweep(int last) throws IOException {
    Set<Integer> kept = new HashSet<>();
    int whole = 0;
    for (int number : numbers()) {
      Path file = new Path(folder(number), Manifest.NAME);
      if (number <= last && whole < settings.keep() && system.exists(file)) {
        kept.add(number);
        whole++;
      }
    }
    for (Earlier one : earlier) { // one that only notes an interruption names the files of another
      if (kept.contains(one.number())) {
        for (StateFile file : one.manifest().files()) {
          kept.add(Integer.parseInt(file.path().substring(0, file.path().indexOf('/'))));
        }
      }
    }
    for (int number : numbers()) {
      if (!kept.contains(number)) {
        system.delete(folder(number), true);
      }
    }
  }

  @Override
  public void interrupted() throws IOException {
    try {
      List<Integer> numbers = numbers();
      if (run == null && !numbers.isEmpty()) {
        return; // it is not known yet whether these are this run's
      }
      Path folder = folder(numbers.isEmpty() ? 1 : numbers.get(0) + 1);
      make(folder);
      publish(
          folder,
          earlier.isEmpty()
              ? Manifest.of(Manifest.INTERRUPTED, 0, versions, run, null, List.of())
              : earlier.get(0).manifest().interrupted());
    } catch (IOException e) {
      throw failed("cannot be written", e);
    }
  }

  @Override
  public void complete() throws IOException {
    remove();
  }

  private void remove() throws IOException {
    try {
      system.delete(root, true);
    } catch (IOException e) {
      throw failed("cannot be removed", e);
    }
  }

  private RunIdentity run() {
    return Objects.requireNonNull(run, "open comes first");
  }

  private Path folder(int number) {
    return new Path(root, String.format(Locale.ROOT, "%06d", number));
  }

  /** The numbers of all folders, the latest first. */
  private List<Integer> numbers() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try {
      for (FileStatus status : system.listStatus(root)) {
        String name = status.getPath().getName();
        if (status.isDirectory() && name.matches("\\d{6,9}")) {
          numbers.add(Integer.parseInt(name));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    numbers.sort(Comparator.reverseOrder());
    return numbers;
  }

  private IOException failed(String what, Throwable e) {
    return IoFailure.at("The checkpoint folder is %s, which %s".formatted(root, what), e);
  }
}
