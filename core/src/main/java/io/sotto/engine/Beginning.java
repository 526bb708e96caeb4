package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Turn;
import java.io.Serializable;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lanes of a run begin with.
 *
 * @param algorithms one for each lane
 * @param tap what is recorded of lane 0
 * @param stored where the states of the one lane are stored that a run goes on from; null before
 *     tick 1
 */
public record Beginning(
    List<? extends Algorithm> algorithms, Wiretap tap, @Nullable StoredStates stored)
    implements Serializable {

  /** Of lanes before tick 1. */
  public Beginning(List<? extends Algorithm> algorithms, Wiretap tap) {
    this(List.copyOf(algorithms), tap, null);
  }

  /** Of a run that goes on from states that were stored. */
  public static Beginning at(Algorithm algorithm, StoredStates stored) {
    return new Beginning(List.of(algorithm), Wiretap.none(), stored);
  }

  /**
   * The states of a cell, by lane.
   *
   * @throws IllegalStateException if the cell was not compiled for this kind of method, or if what
   *     is stored is the state of another one
   */
  public CellState[] of(Cell cell) {
    if (stored != null) {
      return new CellState[] {restored(cell, algorithms.get(0), stored.of(cell.id))};
    }
    CellState[] states = algorithms.stream().map(a -> start(cell, a)).toArray(CellState[]::new);
    states[0].record(cell, tap);
    return states;
  }

  /**
   * All agents at x_i(0), which is P_Xi(0) or the projection of where they start from, before tick
   * 1; they have heard nothing yet.
   */
  private static CellState start(Cell cell, Algorithm algorithm) {
    CellState state = empty(cell, algorithm);
    int stride = state.stride();
    Workspace work = new Workspace(cell);
    double[] said = state.said.values();
    if (cell.origin != null) {
      cell.origin.estimates(cell.agents, state.estimates(), state::estimateAt);
      if (cell.perLink && !algorithm.alongTree()) {
        cell.origin.duals(cell.agents, cell.offset, cell.speakers, said);
      }
    }
    work.tick(0, said, state.heard, state.kept, stride);
    for (int i = 0; i < cell.agents.length; i++) {
      int kept = state.keptAt[i];
      Turn turn = work.turn(i, 0, said, cell.slot(i) * stride, kept, state.dualsAt(i));
      turn.project(state.estimates(), state.estimateAt(i));
      algorithm.start(turn);
    }
    return state;
  }

  /** Everything at 0. */
  private static CellState empty(Cell cell, Algorithm algorithm) {
    cell.requireFor(algorithm);
    int d = cell.objective.dimension();
    int n = cell.agents.length;
    int stride = algorithm.says(d);
    int[] keptAt = new int[n + 1];
    for (int i = 0; i < n; i++) {
      keptAt[i + 1] = Math.addExact(keptAt[i], cell.keeps(i, algorithm));
    }
    boolean holds = cell.idle == IdleRule.HOLD || cell.perLink;
    int longest = cell.channel.delay().longest();
    int size = Math.multiplyExact(cell.slots(), stride);
    return new CellState(
        algorithm,
        d,
        new Said(new double[size], stride),
        new double[Math.multiplyExact(cell.outside(), stride)],
        new int[n],
        new double[keptAt[n]],
        keptAt,
        new RestartingAverages(d),
        holds ? HeldAgents.first(n) : null,
        longest == 0 ? null : new MessageHistory(longest, size));
  }

  private static CellState restored(Cell cell, Algorithm algorithm, StoredState stored) {
    CellState like = empty(cell, algorithm);
    boolean same =
        stored.said().length == like.said.values().length
            && stored.heard().length == like.heard.length
            && stored.updates().length == like.updates.length
            && stored.kept().length == like.kept.length
            && stored.current().length == like.dimension
            && (stored.since() != null) == (like.held != null)
            && (stored.past() != null) == (like.past != null);
    if (!same) {
      throw new IllegalStateException("what is stored is no state of cell " + cell.id);
    }
    HeldAgents held =
        stored.since() == null || stored.moved() == null
            ? null
            : new HeldAgents(stored.since(), BitSet.valueOf(stored.moved()));
    CellState state =
        new CellState(
            algorithm,
            like.dimension,
            new Said(stored.said(), like.stride()),
            stored.heard(),
            stored.updates(),
            stored.kept(),
            like.keptAt,
            RestartingAverages.of(
                stored.current(),
                stored.currentWeight(),
                stored.finished(),
                stored.finishedWeight()),
            held,
            stored.past());
    state.tick = stored.tick();
    state.active = stored.active();
    state.since = stored.compared();
    return state;
  }
}
