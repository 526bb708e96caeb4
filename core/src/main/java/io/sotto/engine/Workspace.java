package io.sotto.engine;

import io.sotto.algorithm.Turn;
import io.sotto.clock.Draws;

/**
 * Arrays that the ticks of one cell write into and nobody keeps; also the turn of one agent after
 * the other. Only one thread at a time may use it.
 */
public final class Workspace implements Turn {
  private final Cell cell;
  private final double[] gradient;
  private final double[] scratch;

  /** The agents that moved at a tick, as positions. */
  final int[] movers;

  private int agent;
  private long updates;
  private long tick;
  private double[] said = {};
  private int at;

  /** Arrays for a cell. */
  public Workspace(Cell cell) {
    this.cell = cell;
    this.gradient = new double[cell.objective.dimension()];
    this.scratch = new double[cell.scratch];
    this.movers = new int[cell.agents.length];
  }

  /** The turn of an agent, whose mix stands in {@code said} from {@code at} on. */
  Turn turn(int agent, long updates, long tick, double[] said, int at) {
    this.agent = agent;
    this.updates = updates;
    this.tick = tick;
    this.said = said;
    this.at = at;
    return this;
  }

  @Override
  public long updates() {
    return updates;
  }

  @Override
  public double rate() {
    return cell.clock.rate(cell.agents[agent]);
  }

  @Override
  public double[] said() {
    return said;
  }

  @Override
  public int at() {
    return at;
  }

  @Override
  public int dimension() {
    return gradient.length;
  }

  @Override
  public double[] subgradient(double[] x, int at) {
    long key = Draws.bits(cell.seed, cell.agents[agent], tick, Draws.Purpose.SUBGRADIENT);
    cell.objective.subgradient(agent, key, x, at, gradient);
    return gradient;
  }

  @Override
  public void project(double[] x, int at) {
    cell.sets[agent].project(x, at, cell.coefficients, scratch, 0);
  }
}
