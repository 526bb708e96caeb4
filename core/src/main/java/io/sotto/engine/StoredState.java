package io.sotto.engine;

import java.io.Serializable;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint keeps of a cell: what its agents say and know, and what they have heard. With
 * the cell, which is compiled anew, it is enough to go on, to the same bits. It tells as much of
 * rows as the agents know.
 *
 * @param tick the last tick
 * @param active how many agents were active at that tick
 * @param said what each agent says, or each link
 * @param heard what the agents of other cells said that are heard here
 * @param updates by agent, how many it has made
 * @param kept by agent, what its method keeps and the duals of its proximal steps
 * @param current the weighted sum of estimates since the last power of two of the tick
 * @param currentWeight the sum of those weights
 * @param finished the same between the last two powers of two
 * @param finishedWeight the sum of those weights
 * @param since by agent, up to which weight it has been added; null if agents never hold
 * @param moved the agents that moved in the last superstep, as a bit set; null if agents never hold
 * @param past earlier messages, where messages are late; else null
 * @param compared where agents stood when they were last compared; null if they were not
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares these
public record StoredState(
    long tick,
    int active,
    double[] said,
    double[] heard,
    int[] updates,
    double[] kept,
    double[] current,
    double currentWeight,
    double[] finished,
    double finishedWeight,
    double @Nullable [] since,
    long @Nullable [] moved,
    @Nullable MessageHistory past,
    Movement.@Nullable Since compared) {

  /** Refuses what lacks a part, as a file may that somebody else has written. */
  public StoredState {
    Stream.of(said, heard, updates, kept, current, finished).forEach(Objects::requireNonNull);
  }

  /** Stores the state of a cell, with which it shares its arrays. */
  @FunctionalInterface
  public interface Writer<R> extends Serializable {
    /** What came of it. */
    R write(int cell, StoredState state);
  }

  /** Looks at what is stored of a cell. */
  @FunctionalInterface
  public interface Check<R> extends Serializable {
    /** What was found. */
    R of(int cell);
  }

  /** Has each cell look at what is stored of it, in the process that holds it. */
  public static <R> Request<R> checking(Check<R> check) {
    return (cell, lanes) -> check.of(cell.id);
  }

  /** Has each cell store its state, in the process that holds it. */
  public static <R> Request<R> writing(Writer<R> writer) {
    return (cell, lanes) -> writer.write(cell.id, lanes[0].stored());
  }
}
