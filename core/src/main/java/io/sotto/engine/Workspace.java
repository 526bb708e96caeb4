package io.sotto.engine;

import io.sotto.algorithm.Scales;
import io.sotto.algorithm.Turn;
import io.sotto.clock.Draws;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.WholeSpace;
import java.util.Objects;

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

  /** What is heard at the tick. */
  final Hearing hearing;

  /** The agents that moved at a tick, as positions. */
  final int[] movers;

  private int agent;
  private long updates;
  private long tick;
  private boolean exchange;
  private double[] said = {};
  private int at;
  private double[] before = {};
  private int beforeAt;
  private double[] kept = {};
  private int keptAt;
  private int dualsAt;
  private int referenceAt;
  private int stride;
  private boolean stays;

  /** Arrays for a cell. */
  public Workspace(Cell cell) {
    this.cell = cell;
    this.gradient = new double[cell.objective.dimension()];
    this.scratch = new double[cell.scratch];
    this.movers = new int[cell.agents.length];
    this.hearing = new Hearing(cell);
  }

  /** What all turns of a tick have in common: what was said before, here and elsewhere. */
  void tick(long tick, double[] before, double[] heard, double[] kept, int stride) {
    this.tick = tick;
    this.exchange = cell.exchanges(tick);
    this.before = before;
    this.kept = kept;
    this.stride = stride;
    hearing.tick(tick, before, heard, stride);
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
    this.referenceAt = -1;
    this.stays = false;
    return this;
  }

  /** True if agents exchange at the tick. */
  boolean isExchange() {
    return exchange;
  }

  /** True if the agent whose turn it was says what it said before. */
  boolean stays() {
    return stays;
  }

  @Override
  public void stay() {
    stays = true;
  }

  @Override
  public int parent() {
    return cell.parents[agent];
  }

  @Override
  public int agents() {
    return cell.all;
  }

  @Override
  public boolean startsAtCommonPoint() {
    return cell.origin == null || cell.origin.isCommon();
  }

  @Override
  public int rootAt() {
    return dualsAt;
  }

  @Override
  public double value(double[] x, int at) {
    return cell.objective.value(agent, x, at);
  }

  @Override
  public void addHessian(double[] x, double[] packed) {
    Objects.requireNonNull(cell.objective.smoothSecondOrder(), "second derivatives")
        .addHessian(agent, x, packed);
  }

  @Override
  public boolean hasRest() {
    return cell.objective.regularizer().penalises() || !(cell.sets[agent] instanceof WholeSpace);
  }

  @Override
  public Scales scales() {
    Scales given = cell.mechanism.scales();
    return given == null ? Scales.of(cell.all, 1, 1, 1) : given;
  }

  @Override
  public void noise(long round, double[] words, int at, int count) {
    cell.mechanism.noise(cell.agents[agent], round, words, at, count);
  }

  @Override
  public double[] penaltyGradient(double[] x) {
    double[] g = new double[x.length];
    LocalObjective costs = cell.objective;
    costs.regularizer().setGradient(cell.all * costs.agentWeight(), x, 0, g, cell.coefficients);
    return g;
  }

  @Override
  public void mask(long round, double[] words, int at, int count) {
    cell.mechanism.mask(cell.agents[agent], round, words, at, count);
  }

  @Override
  public long updates() {
    return updates;
  }

  @Override
  public double ticks() {
    double before = cell.origin == null ? 0 : cell.origin.ticks();
    return before + ticksHere();
  }

  @Override
  public double ticksHere() {
    return updates / (rate() * availability());
  }

  @Override
  public boolean exchanges() {
    return exchange && (cell.clear || cell.channel.online(cell.agents[agent], tick));
  }

  @Override
  public int direct() {
    return cell.objective.direct();
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
    return hearing.heard(agent, link);
  }

  @Override
  public boolean hears(int link) {
    return hearing.hears(link);
  }

  @Override
  public int heardAt(int link) {
    return hearing.heardAt(agent, link);
  }

  @Override
  public double[] scratch() {
    if (spare.length == 0) {
      spare = new double[gradient.length];
    }
    return spare;
  }

  @Override
  public void startReference(double[] x, int at) {
    cell.objective.startReference(agent, x, at);
  }

  @Override
  public void measureFrom(int keptAt) {
    referenceAt = keptAt;
  }

  @Override
  public double[] subgradient(double[] x, int at) {
    if (referenceAt < 0) {
      cell.objective.subgradient(agent, key(), x, at, gradient);
    } else {
      cell.objective.subgradient(agent, key(), x, at, kept, referenceAt, gradient);
    }
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
  public void prox(double[] x, int at, double[] target, double proxWeight) {
    cell.proximal()
        .step(
            agent,
            key(),
            x,
            at,
            target,
            proxWeight,
            cell.sets[agent],
            cell.coefficients,
            kept,
            dualsAt,
            proximalScratch());
  }

  @Override
  public void startProx(double[] x, int at, double[] target, double proxWeight) {
    if (cell.origin != null) {
      cell.proximal()
          .start(
              agent,
              x,
              at,
              target,
              proxWeight,
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
