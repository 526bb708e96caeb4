package io.sotto.formula;

import java.io.Serializable;
import java.util.List;

/** What orthogonal polynomials are made of: sums of powers over rows, which add up over files. */
public final class PowerSums implements Serializable {
  private static final long serialVersionUID = 1;
  private final List<Polynomials> all;

  PowerSums(List<Polynomials> all) {
    this.all = all;
  }

  /** Whether there is nothing to sum. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** Takes the arguments of a row. */
  public void add(double[] arguments) {
    for (int k = 0; k < all.size(); k++) {
      all.get(k).add(arguments[k]);
    }
  }

  /** Adds those of other rows, which come after these. */
  public PowerSums plus(PowerSums other) {
    for (int k = 0; k < all.size(); k++) {
      all.get(k).plus(other.all.get(k));
    }
    return this;
  }

  List<List<Double>> of(int k) {
    return all.get(k).coefficients();
  }
}
