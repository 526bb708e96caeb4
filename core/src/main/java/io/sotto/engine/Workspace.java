package io.sotto.engine;

import io.sotto.algorithm.Turn;
import io.sotto.clock.Draws;
import io.sotto.network.Channel;

/**
 * Arrays that the ticks of one cell write into and nobody keeps; also the turn of one agent after
 * the other. Only one thread at a time may use it.
 */
public final class Workspace implements Turn {
  private final Cell cell;
  private final double[] gradient;
  private final double[] scratch;
  private double[] spare = {};
  private double[] proximal = {};

  /** By link of the agent whose turn it is, how late it hears, or that it does not. */
  private final int[] late;

  /** By how late, what was said here and elsewhere. */
  private final double[][] inside;

  private final double[][] outside;

  /** The agents that moved at a tick, as positions. */
  final int[] movers;

  private int agent;
  private long updates;
  private long tick;
  private double[] said = {};
  private int at;
  private double[] before = {};
  private int beforeAt;
  private double[] kept = {};
  private int keptAt;
  private int dualsAt;
  private int stride;

  /** Arrays for a cell. */
  public Workspace(Cell cell) {
    this.cell = cell;
    this.gradient = new double[cell.objective.dimension()];
    this.scratch = new double[cell.scratch];
    this.movers = new int[cell.agents.length];
    this.inside = new double[cell.channel.delay().longest() + 1][];
    this.outside = new double[inside.length][];
    int most = 0;
    for (int i = 0; i < cell.agents.length && !cell.clear; i++) {
      most = Math.max(most, cell.offset[i + 1] - cell.offset[i]);
    }
    this.late = new int[most];
  }

  /** What all turns of a tick have in common: what was said before, here and elsewhere. */
  void tick(long tick, double[] before, double[] heard, double[] kept, int stride) {
    this.tick = tick;
    this.before = before;
    this.inside[0] = before;
    this.outside[0] = heard;
    this.kept = kept;
    this.stride = stride;
  }

  /** What was said so long ago that it is late at this tick. */
  void recall(Past past) {
    for (int ago = 0; ago < inside.length; ago++) {
      inside[ago] = past.said(tick - 1 - ago);
      outside[ago] = past.heard(tick - 1 - ago);
    }
  }

  /**
   * Hears through a channel that is not clear, and mixes unless each link stands for itself. Who is
   * offline stays as it was.
   */
  void hear(int i, double[] mixed, int at) {
    if (!cell.channel.online(cell.agents[i], tick)) {
      System.arraycopy(before, cell.slot(i) * stride, mixed, at, stride);
      return;
    }
    int first = cell.offset[i];
    for (int e = first; e < cell.offset[i + 1]; e++) {
      late[e - first] = cell.channel.late(cell.agents[i], cell.speakers[e], tick);
    }
    if (!cell.addressed) {
      cell.mix(i, late, inside, outside, mixed, at, stride);
    }
  }

  /** The turn of an agent, whose mix stands in {@code said} from {@code at} on. */
  Turn turn(int agent, long updates, double[] said, int at, int keptAt, int dualsAt) {
    this.agent = agent;
    this.updates = updates;
    this.said = said;
    this.at = at;
    this.beforeAt = cell.slot(agent) * stride;
    this.keptAt = keptAt;
    this.dualsAt = dualsAt;
    return this;
  }

  @Override
  public long updates() {
    return updates;
  }

  @Override
  public double ticks() {
    double before = cell.origin == null ? 0 : cell.origin.ticks();
    return before + updates / (rate() * availability());
  }

  @Override
  public double rate() {
    return cell.clock.rate(cell.agents[agent]);
  }

  @Override
  public double availability() {
    return cell.channel.availability(cell.agents[agent]);
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
  public double[] before() {
    return before;
  }

  @Override
  public int beforeAt() {
    return beforeAt;
  }

  @Override
  public double[] kept() {
    return kept;
  }

  @Override
  public int keptAt() {
    return keptAt;
  }

  @Override
  public int links() {
    return cell.offset[agent + 1] - cell.offset[agent];
  }

  @Override
  public double[] heard(int link) {
    int ago = cell.clear ? 0 : Math.max(0, late[link]);
    return cell.heard[cell.offset[agent] + link] < cell.slots() ? inside[ago] : outside[ago];
  }

  @Override
  public boolean hears(int link) {
    return cell.clear || late[link] != Channel.UNHEARD;
  }

  @Override
  public int heardAt(int link) {
    int from = cell.heard[cell.offset[agent] + link];
    return (from < cell.slots() ? from : from - cell.slots()) * stride;
  }

  @Override
  public double[] scratch() {
    if (spare.length == 0) {
      spare = new double[gradient.length];
    }
    return spare;
  }

  @Override
  public double[] subgradient(double[] x, int at) {
    cell.objective.subgradient(agent, key(), x, at, gradient);
    return gradient;
  }

  @Override
  public double[] gradient(double[] x, int at) {
    cell.objective.gradient(agent, key(), x, at, gradient);
    return gradient;
  }

  private long key() {
    return Draws.bits(cell.seed, cell.agents[agent], tick, Draws.Purpose.SUBGRADIENT);
  }

  @Override
  public void proxRest(double[] x, int at, double step) {
    cell.objective.shrink(agent, step, x, at);
    project(x, at);
  }

  @Override
  public void project(double[] x, int at) {
    cell.sets[agent].project(x, at, cell.coefficients, scratch, 0);
  }

  @Override
  public void prox(double[] x, int at, double[] target, double weight) {
    cell.proximal()
        .step(
            agent,
            key(),
            x,
            at,
            target,
            weight,
            cell.sets[agent],
            cell.coefficients,
            kept,
            dualsAt,
            proximalScratch());
  }

  @Override
  public void startProx(double[] x, int at, double[] target, double weight) {
    if (cell.origin != null) {
      cell.proximal()
          .start(
              agent,
              x,
              at,
              target,
              weight,
              cell.sets[agent],
              cell.coefficients,
              kept,
              dualsAt,
              proximalScratch());
    }
  }

  private double[] proximalScratch() {
    int wanted = cell.proximal().scratch(cell.sets[agent]);
    if (proximal.length < wanted) {
      proximal = new double[wanted];
    }
    return proximal;
  }
}
