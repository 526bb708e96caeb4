package io.sotto.privacy.evidence;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.Recursion;
import io.sotto.algorithm.StepSize;
import io.sotto.network.CellPartition;
import io.sotto.network.Channel;
import io.sotto.network.Delay;
import io.sotto.network.Network;
import io.sotto.network.Outages;
import io.sotto.problem.Loss;
import io.sotto.problem.Regularizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * What all parties to a run know, and with them every adversary.
 *
 * @param recursion of the method, with the step that was used
 * @param later the same with other steps, by the tick at whose end all agents took them
 * @param step the step schedule that was used
 * @param idle what idle agents do
 * @param synchronous whether all agents are active at all ticks
 * @param network who hears whom, and how much
 * @param partition which cell each agent stands in
 * @param ticksPerSuperstep ticks between two exchanges across cell borders
 * @param links which links there are at which tick, and what is late, as far as that is no chance
 * @param delivered the share of messages that links let through
 * @param dimension coordinates of x, the intercept included
 * @param coefficients how many of them, from the first, sets and regularizer apply to
 * @param rows the sum of the weights of all agents' rows, M
 * @param rowsOf by agent, how many rows it holds; empty where that is not public
 * @param loss the loss of a row; null if costs are none of rows
 * @param regularizer on the coefficients; each agent has 1/N of it
 * @param sets the kinds of sets that some agents have, without their parameters
 * @param mechanism what is done against adversaries; none, as a rule
 * @param published the solution
 * @param sums what is known, or granted, of sums over agents; null where none are said
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares settings
public record Setting(
    Recursion recursion,
    NavigableMap<Integer, Recursion> later,
    StepSize step,
    IdleRule idle,
    boolean synchronous,
    Network network,
    CellPartition partition,
    int ticksPerSuperstep,
    Channel links,
    double delivered,
    int dimension,
    int coefficients,
    double rows,
    int[] rowsOf,
    @Nullable Loss loss,
    Regularizer regularizer,
    List<String> sets,
    String mechanism,
    double[] published,
    @Nullable Summed sums) {

  /** What everybody knows of a channel. */
  public static Channel known(Channel all) {
    Delay delay = all.delay().model() == Delay.Model.CONSTANT ? all.delay() : Delay.NONE;
    return new Channel(0, 0, 1, all.schedule(), delay, Outages.NONE);
  }

  /** The recursion of updates at a tick, from 1 on. */
  public Recursion recursion(int tick) {
    Map.Entry<Integer, Recursion> last = later.lowerEntry(tick);
    return last == null ? recursion : last.getValue();
  }

  /** Whether costs are moved by linear terms. */
  public boolean linearTerms() {
    return mechanism.startsWith("offsets") || mechanism.equals("function-sharing");
  }

  /** N. */
  public int agents() {
    return network.agents();
  }

  /** Of all rows that some agents do not hold, the share of one of the others. */
  public double share(int agent, int[] not) {
    if (rowsOf.length == 0) {
      return 1.0 / (agents() - not.length);
    }
    return rowsOf[agent] / (Arrays.stream(rowsOf).asLongStream().sum() - held(not));
  }

  /** How many times the rows of some agents all rows are. */
  public double times(int[] some) {
    return rowsOf.length == 0 || held(some) == 0
        ? agents() / (double) some.length
        : Arrays.stream(rowsOf).asLongStream().sum() / held(some);
  }

  /** How many times the rows of some agents another's are. */
  public double ratio(int agent, int[] some) {
    return rowsOf.length == 0 || held(some) == 0 ? 1.0 / some.length : rowsOf[agent] / held(some);
  }

  private double held(int[] some) {
    return Arrays.stream(some).mapToDouble(i -> rowsOf[i]).sum();
  }

  /** Whether x ends in an intercept. */
  public boolean intercept() {
    return dimension > coefficients;
  }

  /** w_ij; 0 if i does not hear j. */
  public double weight(int i, int j) {
    int from = network.offset()[i];
    int at = Arrays.binarySearch(network.heard(), from, network.offset()[i + 1], j);
    return at < 0 ? 0 : network.weight()[at];
  }
}
