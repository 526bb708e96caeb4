package io.sotto.run;

import java.io.Serializable;
import java.util.Map;

/**
 * One column of one agent's rows, as far as it may be told: what {@link Harmonisation} compares.
 * The least and the greatest value are not among it, since each is that of a single row.
 *
 * @param agent its name
 * @param column its name
 * @param present whether the agent's rows have the column
 * @param filled in how many rows something stands there
 * @param missing the share of rows where nothing stands, from 0 to 1; NaN if it is not told
 * @param numbers the share of what stands there that is a number, from 0 to 1
 * @param mean of the numbers; NaN if there are none, or too few
 * @param deviation the sample deviation of the numbers
 * @param constant whether all that stands there is the same
 * @param values how many rows have each value, without values that too few rows have; empty if
 *     there are more values than can be told apart
 * @param others how many rows have a value that too few rows have
 */
public record AgentColumn(
    String agent,
    String column,
    boolean present,
    long filled,
    double missing,
    double numbers,
    double mean,
    double deviation,
    boolean constant,
    Map<String, Long> values,
    long others)
    implements Serializable {

  /** Whether it is read as a column of numbers: where most of what stands there is one. */
  public boolean isNumeric() {
    return numbers > 0.5;
  }
}
