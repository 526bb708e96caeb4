package io.sotto.run;

import java.util.Comparator;
import java.util.List;

/**
 * How rows that are not trained on judge penalties.
 *
 * @param by which rows these are
 * @param share how many of an agent's rows, where rows of all agents are held out: above 0, below 1
 * @param rule which penalty is taken
 * @param penalties the penalties that are tried, the largest first
 * @param coordinates above so many coordinates of x a run is refused
 * @param perAgent whether the loss on the rows of single agents may be told
 */
public record SelectionSettings(
    By by, double share, Rule rule, List<Penalty> penalties, int coordinates, boolean perAgent) {

  /** The usual share. */
  public static final double SHARE = 0.2;

  /** The usual number of coordinates. */
  public static final int COORDINATES = 500;

  /** No selection. */
  public static SelectionSettings off() {
    return new SelectionSettings(By.NONE, SHARE, Rule.BEST, List.of(), COORDINATES, true);
  }

  /** Of these penalties, by rows that each agent holds back. */
  public static SelectionSettings of(List<Penalty> penalties) {
    return new SelectionSettings(
        By.HELD_OUT,
        SHARE,
        Rule.BEST,
        penalties.stream()
            .sorted(Comparator.comparingDouble((Penalty p) -> -p.l2()).thenComparing(p -> -p.l1()))
            .toList(),
        COORDINATES,
        true);
  }

  /** The same by other rows. */
  public SelectionSettings by(By other) {
    return new SelectionSettings(other, share, rule, penalties, coordinates, perAgent);
  }

  /** The same with another share. */
  public SelectionSettings share(double other) {
    return new SelectionSettings(by, other, rule, penalties, coordinates, perAgent);
  }

  /** The same by another rule. */
  public SelectionSettings rule(Rule other) {
    return new SelectionSettings(by, share, other, penalties, coordinates, perAgent);
  }

  /** The same for other numbers of coordinates. */
  public SelectionSettings coordinates(int most) {
    return new SelectionSettings(by, share, rule, penalties, most, perAgent);
  }

  /** The same, telling of single agents or not. */
  public SelectionSettings perAgent(boolean told) {
    return new SelectionSettings(by, share, rule, penalties, coordinates, told);
  }

  /** Whether there is any. */
  public boolean on() {
    return by != By.NONE;
  }

  /**
   * A penalty.
   *
   * @param l2 weight of half the squared norm, from 0 on
   * @param l1 weight of the sum of absolute values, from 0 on
   */
  public record Penalty(double l2, double l1) {}

  /** Which rows are held out. */
  public enum By {
    /** None. */
    NONE,
    /** Some rows of each agent. */
    HELD_OUT,
    /** All rows of an agent, of each in turn. */
    AGENT
  }

  /** Which penalty is taken. */
  public enum Rule {
    /** The one with the least held-out loss. */
    BEST,
    /** The largest one whose held-out loss is within a standard error of the least. */
    ONE_STANDARD_ERROR
  }
}
