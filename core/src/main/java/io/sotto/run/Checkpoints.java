package io.sotto.run;

import io.sotto.engine.Coordinator;
import io.sotto.engine.StoredStates;
import io.sotto.privacy.mechanism.Secret;
import java.io.IOException;
import java.util.Optional;

/** Keeps checkpoints of a run, from which the same run goes on if its process dies. */
public interface Checkpoints {

  /** Keeps none. */
  static Checkpoints none() {
    return new Checkpoints() {
      @Override
      public Optional<Secret> secret() {
        return Optional.empty();
      }

      @Override
      public void open(RunIdentity run) {}

      @Override
      public Optional<Found> latest(Coordinator cells) {
        return Optional.empty();
      }

      @Override
      public Optional<StoredStates> save(SavedRun run, boolean interrupted, Coordinator cells) {
        return Optional.empty();
      }

      @Override
      public void interrupted() {}

      @Override
      public void complete() {}
    };
  }

  /** A checkpoint that is whole. */
  record Found(SavedRun run, StoredStates states) {}

  /** The secret of a run that died, if it was made for that run alone. */
  Optional<Secret> secret() throws IOException;

  /**
   * Called when all is decided and nothing is loaded: looks for what an earlier run left.
   *
   * @throws io.sotto.problem.BadInputException if that is of another run, and is not to be removed
   */
  void open(RunIdentity run) throws IOException;

  /**
   * The latest checkpoint that is whole; those that are damaged are told of and passed over.
   *
   * @param cells to read it
   */
  Optional<Found> latest(Coordinator cells) throws IOException;

  /**
   * Saves a run.
   *
   * @param interrupted whether the run ends with it
   * @param cells that stand where the run does
   * @return where the states are; empty if none are kept
   * @throws IOException if it cannot be written; earlier ones stay
   */
  Optional<StoredStates> save(SavedRun run, boolean interrupted, Coordinator cells)
      throws IOException;

  /** Notes that the run was interrupted when there was nothing to save. */
  void interrupted() throws IOException;

  /** Removes all: the result is complete. */
  void complete() throws IOException;
}
