package io.sotto.io;

import io.sotto.config.OnMismatch;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a run in a folder that its owner alone may enter: in it a folder for each,
 * numbered, with a {@link Manifest} that is written last, and tables that {@link StateFile} writes.
 * A secret that was made for the run alone is beside them. They hold what agents know, and so are
 * as private as the rows.
 */
public final class CheckpointFolder implements Checkpoints {
  private static final String SECRET = "secret";
  private static final String CELLS = "cells";
  private static final String OPERATOR = "operator";
  private static final String NONE_WHOLE = "No checkpoint is whole; the run begins anew";
  private static final int LARGEST_SECRET = 1 << 10;

  private final Lock lock;
  private final FileSystem system;
  private final Path root;
  private final NumberedFolders folders;
  private final RunConfig.Checkpoint settings;
  private final boolean fresh;
  private final Map<String, Object> versions;
  private final Configuration hadoop;
  private final Consumer<String> told;
  private @Nullable RunIdentity run;

  /** The checkpoints that can be used, the latest first: of an earlier run, then also of this. */
  private List<Earlier> earlier = List.of();

  /** Those that are damaged, or of another version. */
  private final Set<Integer> unusable = new HashSet<>();

  private record Earlier(int number, Manifest manifest) {}

  /** Whether a run still has the lock of its output, which is that of its checkpoints, too. */
  @FunctionalInterface
  public interface Lock {
    /** False if another run has taken it over. */
    boolean isHeld() throws IOException;
  }

  /**
   * Reads and writes nothing yet.
   *
   * @param output the result, beside which they are if no other place is named
   * @param fresh whether to remove those that an earlier run left
   * @param versions of what writes them
   * @param lock is looked at before each is written
   * @param told takes warnings
   */
  public CheckpointFolder(
      String output,
      RunConfig.Checkpoint settings,
      boolean fresh,
      Map<String, Object> versions,
      Configuration hadoop,
      Lock lock,
      Consumer<String> told) {
    this.settings = settings;
    this.fresh = fresh;
    this.versions = versions;
    this.hadoop = hadoop;
    this.lock = lock;
    this.told = told;
    HadoopPath place =
        settings.path().isPresent()
            ? HadoopPath.of("checkpoint.path", settings.path().get(), hadoop)
            : HadoopPath.of("output.path", output, hadoop);
    this.system = place.system();
    system.setWriteChecksum(false); // no .crc files beside the secret on file:
    Path path = system.makeQualified(place.path());
    this.root =
        settings.path().isPresent()
            ? path
            : new Path(path.getParent(), "." + path.getName() + ".checkpoint");
    this.folders = new NumberedFolders(system, root);
  }

  @Override
  public Optional<Secret> secret() throws IOException {
    return fresh ? Optional.empty() : keptSecret();
  }

  private Optional<Secret> keptSecret() throws IOException {
    try (InputStream in = system.open(new Path(root, SECRET))) {
      return Optional.of(Secret.kept(in.readNBytes(LARGEST_SECRET)));
    } catch (FileNotFoundException | IllegalArgumentException e) {
      return Optional.empty(); // or cut short: the marks will differ
    } catch (IOException e) {
      throw failed("cannot be looked at", e);
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
    if (last.lostSecret(now)) {
      told.accept(
          "The checkpoints in %s cannot be used, because the secret that was made for their run is damaged or gone; the run begins anew"
              .formatted(root));
      remove();
      earlier = List.of();
      return;
    }
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
    for (int number : folders.numbers()) {
      try (InputStream in = system.open(new Path(folders.of(number), Manifest.NAME))) {
        Manifest manifest = Manifest.read(in.readAllBytes());
        if (manifest.isOfKnownRun()) {
          found.add(new Earlier(number, manifest));
        }
      } catch (FileNotFoundException e) {
        unusable.add(number);
        told.accept(
            "The checkpoint %s was not written to its end, and is passed over"
                .formatted(folders.of(number)));
      } catch (BadInputException e) {
        other(number, e.getMessage());
      } catch (IOException e) {
        damaged(number, e);
      }
    }
    if (found.isEmpty() && !unusable.isEmpty()) {
      told.accept(NONE_WHOLE);
    }
    return found;
  }

  private void other(int number, @Nullable String why) throws IOException {
    if (settings.onMismatch() != OnMismatch.FRESH) {
      throw new BadInputException(
          "The checkpoint %s cannot be used: %s. Give --fresh to remove it and begin anew."
              .formatted(folders.of(number), why));
    }
    unusable.add(number);
    told.accept("The checkpoint %s is not used: %s".formatted(folders.of(number), why));
  }

  /** One that cannot be reached may be whole, and is not passed over. */
  private void damaged(int number, IOException e) throws IOException {
    if (IoFailure.isUnreachable(e)) {
      throw failed("cannot be read", e);
    }
    unusable.add(number);
    told.accept(
        "The checkpoint %s is damaged, and is passed over: %s"
            .formatted(folders.of(number), IoFailure.why(e)));
  }

  @Override
  public Optional<Found> latest(Coordinator cells) throws IOException {
    String none = NONE_WHOLE;
    for (Earlier one : earlier) {
      Manifest manifest = one.manifest();
      if (manifest.operator() == null) {
        none = "The run before was interrupted before tick 1; this one begins there";
        continue;
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
      told.accept(none);
    }
    return Optional.empty();
  }

  @Override
  public Optional<StoredStates> save(SavedRun saved, boolean interrupted, Coordinator cells)
      throws IOException {
    try {
      if (!lock.isHeld()) {
        throw new IOException("another run has taken over output.path");
      }
      int number = folders.next();
      Path folder = folders.of(number);
      make(folder, new Path(folder, CELLS), new Path(folder, OPERATOR));
      String place = root.toString();
      String name = folder.getName();
      CellFiles states = CellFiles.write(cells, place, name + "/" + CELLS, hadoop);
      StateFile operator = StateFile.write(saved, place, name + "/" + OPERATOR, 0, hadoop);
      StateFile.finish(place, name + "/" + OPERATOR, hadoop);
      String status = interrupted ? Manifest.INTERRUPTED : Manifest.RUNNING;
      Manifest manifest =
          Manifest.of(status, saved.tick(), versions, run(), operator, states.files());
      publish(folder, manifest);
      List<Earlier> all = new ArrayList<>(earlier);
      all.add(0, new Earlier(number, manifest));
      earlier = all;
      sweep();
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

  private void make(Path... places) throws IOException {
    boolean made = OwnerOnly.makeFolder(system, root);
    for (Path folder : places) {
      made &= OwnerOnly.makeFolder(system, folder);
    }
    if (!made) {
      throw new IOException("a folder in it cannot be made");
    }
    if (!OwnerOnly.holds(system.getFileStatus(root))) {
      throw new IOException("others than its owner may enter " + root);
    }
    Optional<Secret> secret = run == null ? Optional.empty() : run.fresh();
    if (secret.isPresent() && !secret.map(Secret::mark).equals(keptSecret().map(Secret::mark))) {
      write(new Path(root, SECRET), secret.get().kept());
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
    try (OutputStream out = OwnerOnly.create(system, file, true)) {
      out.write(bytes);
    }
  }

  /** Removes all but the latest ones, and what was not written to its end. */
  private void sweep() throws IOException {
    earlier =
        earlier.stream()
            .filter(one -> !unusable.contains(one.number()))
            .limit(settings.keep())
            .toList();
    Set<Integer> kept = new HashSet<>();
    for (Earlier one : earlier) {
      kept.add(one.number());
      for (StateFile file : one.manifest().files()) { // those of another, if it notes an end only
        kept.add(Integer.parseInt(file.path().substring(0, file.path().indexOf('/'))));
      }
    }
    for (int number : folders.numbers()) {
      if (!kept.contains(number)) {
        system.delete(folders.of(number), true);
      }
    }
  }

  @Override
  public void interrupted() throws IOException {
    try {
      if (run == null && !folders.numbers().isEmpty()) {
        return; // it is not known yet whether these are this run's
      }
      Path folder = folders.of(folders.next());
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
      folders.remove(SECRET);
    } catch (IOException e) {
      throw failed("cannot be removed", e);
    }
  }

  private RunIdentity run() {
    return Objects.requireNonNull(run, "open comes first");
  }

  private IOException failed(String what, Throwable e) {
    return IoFailure.at("The checkpoint folder is %s, which %s".formatted(root, what), e);
  }
}
