package io.sotto.formula;

import java.io.Serializable;
import java.util.Map;

/**
 * What is chosen about categories and missing values.
 *
 * @param reference the first level of a category, by column; of others it is the first in order
 * @param leastRows levels of fewer rows are rare
 * @param rare what becomes of them
 * @param missing what becomes of fields without a value
 * @param words what stands in such fields
 * @param constant the number that they count as, where it is a constant
 * @param indicator whether each column of numbers that has such fields gets a feature that says so
 */
public record Choices(
    Map<String, String> reference,
    int leastRows,
    Rare rare,
    Missing missing,
    MissingValues words,
    double constant,
    boolean indicator)
    implements Serializable {

  /** What becomes of rare levels. */
  public enum Rare {
    /** They are one level, named other. */
    MERGE,
    /** They are refused. */
    REFUSE
  }

  /** What becomes of fields without a value. */
  public enum Missing {
    /** Their rows are left out, and counted. */
    COMPLETE_CASES,
    /** They count as the mean of all rows that have a value; categories have a level for them. */
    MEAN,
    /** They count as one number; categories have a level for them. */
    CONSTANT,
    /** They are bad rows. */
    REFUSE
  }

  /** What is done unless something is chosen. */
  public static Choices usual() {
    return new Choices(
        Map.of(), 0, Rare.MERGE, Missing.COMPLETE_CASES, MissingValues.USUAL, 0, false);
  }

  /** The same where nothing counts as missing. */
  public static Choices strict() {
    return new Choices(Map.of(), 0, Rare.MERGE, Missing.REFUSE, MissingValues.USUAL, 0, false);
  }

  /** The words that are read as no value. */
  public MissingValues read() {
    return missing == Missing.REFUSE ? MissingValues.NONE : words;
  }

  /** Whether fields without a value get one. */
  public boolean fills() {
    return missing == Missing.MEAN || missing == Missing.CONSTANT;
  }
}
