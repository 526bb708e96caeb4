package io.sotto.example;

import io.sotto.problem.ConstraintSet;
import io.sotto.problem.Parameters;

/**
 * What one plant can deliver: its coordinate lies between two numbers, and all others are free.
 *
 * @param plant which coordinate, from 0
 * @param least in MW
 * @param most in MW, not below {@code least}
 */
public record Range(int plant, double least, double most) implements ConstraintSet {

  /** Reads the keys beside {@code set}. */
  public Range(Parameters parameters) {
    this(
        parameters.integer("plant", 0, 1_000_000),
        parameters.number("least"),
        parameters.number("most"));
    if (least > most) {
      throw parameters.bad("least", least, "it must not be above most, which is " + most);
    }
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    x[at + plant] = Math.min(Math.max(x[at + plant], least), most);
  }
}
