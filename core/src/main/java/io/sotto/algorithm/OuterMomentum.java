package io.sotto.algorithm;

/**
 * A method with local steps whose exchanges are steps themselves, with Nesterov's momentum
 * (Douillard and others 2023, arXiv:2311.08105): where agents exchange, with v_i = sum_j w_ij x_j
 * and a_i where i stood after the exchange before,
 *
 * <pre>
 *   D := a_i - v_i,   u_i := momentum u_i + D,   x_i := P_Xi( a_i - step (D + momentum u_i) ),   a_i := x_i
 * </pre>
 *
 * <p>and the method goes on from there. With a step of 1 and no momentum it is the method as it is.
 * Coordinates that are {@link Turn#direct} are mixed, and no more.
 *
 * <p>It keeps 2 d numbers more: a_i and u_i.
 *
 * @param inner the method; it says its estimate and nothing else
 * @param step of an exchange, above 0
 * @param momentum in [0, 1)
 */
public record OuterMomentum(Algorithm inner, double step, double momentum) implements Algorithm {

  /** Refuses steps that do not move, and momentum that never ends. */
  public OuterMomentum {
    if (!(step > 0 && momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "the outer step must be above 0, not %s, and its momentum in [0, 1), not %s"
              .formatted(step, momentum));
    }
    if (inner.keepsEstimate() || inner.perLink()) {
      throw new IllegalArgumentException("for methods whose agents say their estimate");
    }
  }

  @Override
  public int says(int d) {
    return inner.says(d);
  }

  @Override
  public int keeps(int d) {
    return Math.addExact(inner.keeps(d), Math.multiplyExact(2, d));
  }

  @Override
  public boolean keepsEstimate() {
    return false;
  }

  @Override
  public double usualStep(int agents) {
    return inner.usualStep(agents);
  }

  @Override
  public void start(Turn turn) {
    inner.start(turn);
    int d = turn.dimension();
    System.arraycopy(turn.said(), turn.at(), turn.kept(), anchorAt(turn), d);
  }

  @Override
  public void update(Turn turn) {
    exchange(turn);
    inner.update(turn);
  }

  @Override
  public void mix(Turn turn) {
    exchange(turn);
    inner.mix(turn);
  }

  private void exchange(Turn turn) {
    if (!turn.exchanges()) {
      return;
    }
    double[] x = turn.said();
    int at = turn.at();
    int d = turn.dimension();
    double[] kept = turn.kept();
    int anchorAt = anchorAt(turn);
    int velocityAt = anchorAt + d;
    for (int j = 0; j < d - turn.direct(); j++) {
      double anchor = kept[anchorAt + j];
      double moved = anchor - x[at + j];
      double velocity = momentum * kept[velocityAt + j] + moved;
      kept[velocityAt + j] = velocity;
      x[at + j] = anchor - step * (moved + momentum * velocity);
    }
    turn.project(x, at);
    System.arraycopy(x, at, kept, anchorAt, d);
  }

  private int anchorAt(Turn turn) {
    return turn.keptAt() + inner.keeps(turn.dimension());
  }

  @Override
  public Recursion recursion() {
    return inner.recursion();
  }

  @Override
  public double averagingWeight(long tick) {
    return inner.averagingWeight(tick);
  }
}
