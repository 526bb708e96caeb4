package io.sotto.algorithm;

/**
 * A method whose agents measure their costs from a point of their own: from where they start or, if
 * their costs bring another point, from that; and renewed every so many ticks, from the estimate
 * that they have then. So no agent needs a point that it could not know.
 *
 * <p>An agent does not know the tick. It renews after the update by which its own count of ticks
 * ({@link Turn#ticksHere}) comes to a multiple of {@code every}, or passes one. With a clock that
 * always rings the updates of ticks 1 to {@code every} still use the first point.
 *
 * <p>It keeps d numbers more.
 *
 * @param inner the method; it says its estimate and nothing else
 * @param every after how many ticks the point is renewed, each time; 0 for never
 */
public record OwnReference(Algorithm inner, int every) implements Algorithm {

  /** Refuses methods that say something else. */
  public OwnReference {
    if (inner.keepsEstimate() || inner.perLink() || every < 0) {
      throw new IllegalArgumentException(
          "for methods whose agents say their estimate, and a count of ticks from 0 on");
    }
  }

  @Override
  public int says(int d) {
    return inner.says(d);
  }

  @Override
  public int keeps(int d) {
    return Math.addExact(inner.keeps(d), d);
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
  public int referenceAt(int d) {
    return inner.keeps(d);
  }

  @Override
  public void start(Turn turn) {
    inner.start(turn);
    take(turn);
    turn.startReference(turn.kept(), at(turn));
  }

  @Override
  public void update(Turn turn) {
    turn.measureFrom(at(turn));
    inner.update(turn);
    double share = turn.rate() * turn.availability();
    if (renewals(turn.updates() / share) > renewals((turn.updates() - 1) / share)) {
      take(turn);
    }
  }

  private double renewals(double ticks) {
    return every == 0 ? 0 : Math.floor(ticks / every);
  }

  /** Takes the estimate as the point. */
  private void take(Turn turn) {
    System.arraycopy(turn.said(), turn.at(), turn.kept(), at(turn), turn.dimension());
  }

  private int at(Turn turn) {
    return turn.keptAt() + referenceAt(turn.dimension());
  }

  @Override
  public void mix(Turn turn) {
    inner.mix(turn);
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
