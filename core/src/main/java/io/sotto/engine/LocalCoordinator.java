package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs all cells in this process, on threads. Messages between cells go through an {@link
 * Exchange}: by default arrays in this process. Threads wait for each other once in each superstep.
 */
public final class LocalCoordinator implements Coordinator {
  static final String NAME = "local";

  /**
   * Supersteps with less work than this run in the calling thread, because waking others would take
   * longer.
   */
  private static final long WORTH_THREADS_NANOS = 50_000;

  private final Cell[] cells;
  private final Workspace[] workspaces;
  private final Team team;
  private final Exchange exchange;

  /** By cell and lane. */
  private final CellState[][] states;

  private Wiretap tap = Wiretap.none();
  private long lastNanos = Long.MAX_VALUE;

  /**
   * Loads the rows and compiles the cells.
   *
   * @param plan the run
   * @param threads how many cells may run at once, at least 1
   */
  public LocalCoordinator(Plan plan, int threads) {
    this(plan, threads, new Inboxes());
  }

  /**
   * The same with another way of carrying.
   *
   * @param exchange carries what crosses borders
   */
  public LocalCoordinator(Plan plan, int threads, Exchange exchange) {
    this.exchange = exchange;
    this.team = new Team(Math.min(threads, plan.partition().cells()));
    List<MixingRows> rows =
        IntStream.range(0, plan.partition().cells())
            .mapToObj(c -> MixingRows.of(plan.network(), plan.partition(), c))
            .toList();
    Map<Integer, List<Subscription>> heardBy =
        rows.stream()
            .flatMap(r -> r.subscriptions(plan.partition(), plan.perLink()).stream())
            .collect(Collectors.groupingBy(Subscription::source));
    try {
      this.cells =
          forAllCells(
                  rows.size(),
                  c ->
                      new Cell(
                          plan,
                          rows.get(c),
                          heardBy.getOrDefault(c, List.of()),
                          plan.shards().load(rows.get(c).agents())))
              .toArray(Cell[]::new);
    } catch (RuntimeException | Error e) {
      team.close();
      throw e;
    }
    this.workspaces = Arrays.stream(cells).map(Workspace::new).toArray(Workspace[]::new);
    this.states = new CellState[cells.length][0];
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void under(Mechanism mechanism) {
    List<Cell> wrapped = inThreads(cells.length, c -> cells[c].under(mechanism));
    for (int c = 0; c < cells.length; c++) {
      cells[c] = wrapped.get(c);
      workspaces[c] = new Workspace(cells[c]);
    }
  }

  @Override
  public void record(Wiretap other) {
    tap = other;
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public CellSummary[][] start(List<? extends Algorithm> lanes) {
    return begin(new Beginning(lanes, tap));
  }

  @Override
  public CellSummary[] restore(Algorithm algorithm, StoredStates stored) {
    return begin(Beginning.at(algorithm, stored))[0];
  }

  /** Does nothing: what this process loses is lost with it. */
  @Override
  public void stored(Algorithm algorithm, StoredStates stored) {}

  private CellSummary[][] begin(Beginning beginning) {
    for (Cell cell : cells) {
      states[cell.id] = beginning.of(cell);
    }
    exchange.start(cells, states);
    lastNanos = Long.MAX_VALUE;
    return CellSummary.byLane(
        forAllCells(
            cells.length,
            c -> {
              exchange.tell(cells[c], states[c]);
              return summaries(c, true);
            }));
  }

  @Override
  public CellSummary[][] superstep(Superstep superstep) {
    for (Cell cell : cells) {
      exchange.hear(cell, states[cell.id]);
    }
    LongAdder nanos = new LongAdder();
    List<CellSummary[]> summaries =
        forAllCells(
            cells.length,
            c -> {
              long begin = System.nanoTime();
              for (CellState lane : states[c]) {
                lane.advance(cells[c], workspaces[c], superstep);
              }
              exchange.tell(cells[c], states[c]);
              nanos.add(System.nanoTime() - begin);
              return summaries(c, superstep.report());
            });
    lastNanos = nanos.sum();
    return CellSummary.byLane(summaries);
  }

  private CellSummary[] summaries(int c, boolean report) {
    return Arrays.stream(states[c])
        .map(lane -> CellReport.summary(lane, report))
        .toArray(CellSummary[]::new);
  }

  /**
   * Does not look at the next superstep: a round costs nothing here. How long an answer takes does
   * not follow from how long a superstep took, of which few agents may have been active.
   */
  @Override
  public <R> List<R> ask(Request<R> request, @Nullable Superstep next) {
    return inThreads(cells.length, c -> request.of(cells[c], states[c]));
  }

  @Override
  public void close() {
    team.close();
  }

  /** The results stand in the order of cells, whichever thread was first. */
  private <T> List<T> forAllCells(int count, IntFunction<T> work) {
    if (lastNanos < WORTH_THREADS_NANOS) {
      return IntStream.range(0, count).mapToObj(work).toList();
    }
    return inThreads(count, work);
  }

  private <T> List<T> inThreads(int count, IntFunction<T> work) {
    AtomicReferenceArray<T> results = new AtomicReferenceArray<>(count);
    team.run(count, c -> results.set(c, work.apply(c)));
    return IntStream.range(0, count).mapToObj(results::get).toList();
  }
}
