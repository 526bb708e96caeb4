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
 * All cells in this process, threads over cells: the reference, and the engine for what fits.
 *
 * <p>At the end of a superstep each cell writes what others hear of it straight into an inbox of
 * theirs; with the next superstep the inbox becomes what they hear. So there is one barrier, and
 * one copy.
 */
public final class LocalCarrier implements Carrier {
  /** Supersteps with less work than this run in the caller: waking threads would take longer. */
  private static final long WORTH_THREADS_NANOS = 50_000;

  private final Cell[] cells;
  private final Workspace[] workspaces;
  private final Team team;
  private CellState[][] lanes = {};
  private double[][][] inbox = {};
  private Wiretap tap = Wiretap.none();
  private long lastNanos = Long.MAX_VALUE;

  /**
   * Loads the rows and compiles the cells.
   *
   * @param plan the run
   * @param threads how many cells may run at once, at least 1
   */
  public LocalCarrier(Plan plan, int threads) {
    this.team = new Team(Math.min(threads, plan.cut().cells()));
    List<MixingRows> rows =
        IntStream.range(0, plan.cut().cells())
            .mapToObj(c -> MixingRows.of(plan.network(), plan.cut(), c))
            .toList();
    Map<Integer, List<Subscription>> heardBy =
        rows.stream()
            .flatMap(r -> r.subscriptions(plan.cut(), plan.addressed()).stream())
            .collect(Collectors.groupingBy(Subscription::source));
    Cell.Blueprint blueprint = Cell.Blueprint.of(plan);
    this.cells =
        forAllCells(
                rows.size(),
                c -> new Cell(blueprint, rows.get(c), heardBy.getOrDefault(c, List.of())))
            .toArray(Cell[]::new);
    this.workspaces = Arrays.stream(cells).map(Workspace::new).toArray(Workspace[]::new);
  }

  @Override
  public String name() {
    return "local";
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
  public CellSummary[][] start(List<? extends Algorithm> algorithms) {
    lanes =
        algorithms.stream()
            .map(
                a -> Arrays.stream(cells).map(c -> CellState.start(c, a)).toArray(CellState[]::new))
            .toArray(CellState[][]::new);
    inbox =
        Arrays.stream(lanes)
            .map(
                lane ->
                    Arrays.stream(cells)
                        .map(c -> new double[c.outside() * lane[c.id].stride()])
                        .toArray(double[][]::new))
            .toArray(double[][][]::new);
    lastNanos = Long.MAX_VALUE;
    return CellSummary.byLane(
        forAllCells(
            cells.length,
            c -> {
              lanes[0][c].record(cells[c], tap);
              say(c);
              return summaries(c, true);
            }));
  }

  @Override
  public CellSummary[][] superstep(Superstep superstep) {
    for (int lane = 0; lane < lanes.length; lane++) {
      for (int c = 0; c < cells.length; c++) {
        inbox[lane][c] = lanes[lane][c].hear(inbox[lane][c]);
      }
    }
    LongAdder nanos = new LongAdder();
    List<CellSummary[]> summaries =
        forAllCells(
            cells.length,
            c -> {
              long begin = System.nanoTime();
              for (CellState[] lane : lanes) {
                lane[c].advance(cells[c], workspaces[c], superstep);
              }
              say(c);
              nanos.add(System.nanoTime() - begin);
              return summaries(c, superstep.report());
            });
    lastNanos = nanos.sum();
    return CellSummary.byLane(summaries);
  }

  private void say(int c) {
    for (int lane = 0; lane < lanes.length; lane++) {
      CellState state = lanes[lane][c];
      for (Cell.Listener listener : cells[c].listeners) {
        int at = cells[listener.cell()].stretchAt(c) * state.stride();
        state.say(listener, inbox[lane][listener.cell()], at);
      }
    }
  }

  private CellSummary[] summaries(int c, boolean report) {
    return Arrays.stream(lanes)
        .map(lane -> CellReport.summary(lane[c], report))
        .toArray(CellSummary[]::new);
  }

  /** Does not look at the next superstep: a round costs nothing here. */
  @Override
  public List<Question.Answer> ask(Question question, @Nullable Superstep next) {
    return forAllCells(cells.length, c -> CellReport.answer(cells[c], lanes[0][c], question));
  }

  @Override
  public double smoothness() {
    return forAllCells(cells.length, c -> cells[c].smoothness()).stream().reduce(0.0, Double::sum);
  }

  @Override
  public Iterable<CellEstimates> estimates() {
    return () ->
        Arrays.stream(cells).map(cell -> CellReport.estimates(cell, lanes[0][cell.id])).iterator();
  }

  @Override
  public Iterable<CellLinks> links() {
    return () -> Arrays.stream(cells).map(cell -> lanes[0][cell.id].links(cell)).iterator();
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
    AtomicReferenceArray<T> results = new AtomicReferenceArray<>(count);
    team.run(count, c -> results.set(c, work.apply(c)));
    return IntStream.range(0, count).mapToObj(results::get).toList();
  }
}
