package io.sotto.run;

import io.sotto.algorithm.SummingRounds;
import io.sotto.engine.CellReport;
import io.sotto.engine.Runner;
import io.sotto.result.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the rounds of sums have come.
 *
 * @param number of the round
 * @param open whether its sum is still to be made
 * @param waiting for how many agents it waits
 * @param agents how many there are
 * @param up numbers of a message up the tree
 * @param down numbers of a message down the tree
 */
record Rounds(long number, boolean open, int waiting, int agents, int up, int down) {

  /** Asks the cells; null for a method without rounds. */
  static @Nullable Rounds of(Runner runner, Prepared prepared) {
    if (!(prepared.algorithm().apply(1) instanceof SummingRounds method)) {
      return null;
    }
    List<CellReport.Rounds> cells = runner.cells().ask(CellReport.rounds(), null);
    long number = CellReport.Rounds.latest(cells);
    int agents = runner.plan().agents();
    boolean open = cells.stream().anyMatch(cell -> cell.number() == number && cell.open());
    int d = runner.plan().dimension();
    return new Rounds(
        number, open, CellReport.Rounds.waiting(cells), agents, method.up(d), method.down(d));
  }

  /** Whether a sum is still to be made. */
  boolean isOpen() {
    return open;
  }

  /** How many were begun. */
  long begun() {
    return open ? number : number - 1;
  }

  /** The bytes that all agents say in a round. */
  private long bytes() {
    return (long) Long.BYTES * (agents - 1) * (up + down);
  }

  /** The result; one that a limit ended says what the round was about. */
  Result ended(Result result) {
    if (result.status() != Result.Status.MAX_TICKS && result.status() != Result.Status.DEADLINE) {
      return result;
    }
    return new Result(
        result.status(),
        result.stopReason() + "; " + words(),
        result.last(),
        result.trace(),
        result.control(),
        result.seconds());
  }

  /** For people. */
  private String words() {
    if (!open) {
      return "the rounds ended with round %d, after which nothing but rounding was to be gained"
          .formatted(number - 1);
    }
    return "round %d waited for the parts of %s agent(s), and no sum is made without them"
        .formatted(number, Text.count(waiting));
  }

  /** For {@code run.json}. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("closed", number - 1);
    map.put("open", open);
    map.put("waitingFor", waiting);
    map.put("numbersUp", up);
    map.put("numbersDown", down);
    map.put("bytesOfARound", bytes());
    return map;
  }
}
