package io.sotto.privacy.attack;

import io.sotto.problem.Registry;
import java.util.Map;

/** The attacks that a configuration can name under {@code audit.attacks}. */
public final class Attacks {
  /** By name. */
  public static final Registry<Attack> REGISTRY =
      new Registry<Attack>("attack")
          .add("inversion", Map.of(), p -> new Inversion())
          .add("consensus-inversion", Map.of(), p -> new ConsensusInversion())
          .add("clock-inference", Map.of(), p -> new ClockInference())
          .add("projection", Map.of(), p -> new Projection())
          .add("first-step", Map.of(), p -> new FirstStep())
          .add("first-message", Map.of(), p -> new FirstMessage())
          .add("surrogate", Map.of(), p -> new Surrogate())
          .add("system-identification", Map.of(), p -> new SystemIdentification())
          .add("trajectory-regression", Map.of(), p -> new TrajectoryRegression())
          .add("row-reconstruction", Map.of(), p -> new RowReconstruction())
          .add("beyond-neighbours", Map.of(), p -> new BeyondNeighbours())
          .add("subtree-sums", Map.of(), p -> new SubtreeSums());

  private Attacks() {}
}
