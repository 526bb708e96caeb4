package io.sotto.example;

import io.sotto.problem.ConstraintSet;

/** Coefficients that do not fall from one to the next, by pooling adjacent violators. */
public record Ascending() implements ConstraintSet {

  @Override
  public int scratch(int n) {
    return 2 * n;
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    int pools = 0; // each with its mean, and further on how many coefficients it has
    for (int j = 0; j < n; j++) {
      double mean = x[at + j];
      double count = 1;
      for (; pools > 0 && work[workAt + pools - 1] > mean; pools--) {
        double before = work[workAt + n + pools - 1];
        mean = (mean * count + work[workAt + pools - 1] * before) / (count + before);
        count += before;
      }
      work[workAt + pools] = mean;
      work[workAt + n + pools++] = count;
    }
    int j = 0;
    for (int pool = 0; pool < pools; pool++) {
      for (int k = 0; k < work[workAt + n + pool]; k++) {
        x[at + j++] = work[workAt + pool];
      }
    }
  }
}
