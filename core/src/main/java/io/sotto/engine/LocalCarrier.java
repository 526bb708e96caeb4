package io.sotto.engine;

import io.sotto.algorithm.Algorithm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All cells in this process, threads over cells: the reference, and the engine for what fits. */
public final class LocalCarrier implements Carrier {
  private final Cell[] cells;
  private final int threadCount;
  private final ExecutorService threads;
  private CellState[][] lanes = {};
  private Border[][] borders = {};

  /**
   * Loads the rows and compiles the cells.
   *
   * @param plan the run
   * @param threads how many cells may run at once, at least 1
   */
  public LocalCarrier(Plan plan, int threads) {
    this.threadCount = Math.min(threads, plan.cut().cells());
    this.threads =
        Executors.newFixedThreadPool(
            threadCount,
            task -> {
              Thread thread = new Thread(task, "sotto-cell");
              thread.setDaemon(true);
              return thread;
            });
    List<MixingRows> rows =
        IntStream.range(0, plan.cut().cells())
            .mapToObj(c -> MixingRows.of(plan.network(), plan.cut(), c))
            .toList();
    Map<Integer, List<Subscription>> heardBy =
        rows.stream()
            .flatMap(r -> r.subscriptions(plan.cut()).stream())
            .collect(Collectors.groupingBy(Subscription::source));
    Cell.Blueprint blueprint = Cell.Blueprint.of(plan);
    this.cells =
        forAllCells(
                rows.size(),
                c -> new Cell(blueprint, rows.get(c), heardBy.getOrDefault(c, List.of())))
            .toArray(Cell[]::new);
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public CellSummary[][] start(List<? extends Algorithm> algorithms) {
    int count = algorithms.size();
    lanes = new CellState[count][];
    for (int lane = 0; lane < count; lane++) {
      Algorithm algorithm = algorithms.get(lane);
      lanes[lane] =
          Arrays.stream(cells).map(c -> CellState.start(c, algorithm)).toArray(CellState[]::new);
    }
    borders =
        Arrays.stream(cells)
            .map(c -> c.borders(count, lanes[0][c.id].stride()))
            .toArray(Border[][]::new);
    return CellSummary.byLane(forAllCells(cells.length, c -> summaries(c, true)));
  }

  @Override
  public CellSummary[][] superstep(Superstep superstep) {
    exchange();
    return CellSummary.byLane(
        forAllCells(
            cells.length,
            c -> {
              for (CellState[] lane : lanes) {
                lane[c].advance(cells[c], superstep);
              }
              return summaries(c, superstep.report());
            }));
  }

  private CellSummary[] summaries(int c, boolean withSums) {
    return Arrays.stream(lanes)
        .map(lane -> lane[c].summary(cells[c], withSums))
        .toArray(CellSummary[]::new);
  }

  private void exchange() {
    for (int lane = 0; lane < lanes.length; lane++) {
      for (Cell cell : cells) {
        for (Border border : borders[cell.id]) {
          lanes[lane][cell.id].say(lane, border);
          lanes[lane][border.to()].hear(cells[border.to()], lane, List.of(border));
        }
      }
    }
  }

  @Override
  public List<Question.Answer> ask(Question question) {
    return forAllCells(cells.length, c -> lanes[0][c].answer(cells[c], question));
  }

  @Override
  public double smoothness() {
    return forAllCells(cells.length, c -> cells[c].smoothness()).stream().reduce(0.0, Double::sum);
  }

  @Override
  public Iterable<CellEstimates> estimates() {
    return () -> Arrays.stream(cells).map(c -> lanes[0][c.id].estimates(c)).iterator();
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  private <T> List<T> forAllCells(int count, IntFunction<T> work) {
    if (threadCount == 1) { // a hand-off to a thread costs more than many a superstep
      return IntStream.range(0, count).mapToObj(work).toList();
    }
    List<Callable<T>> tasks =
        IntStream.range(0, count).mapToObj(c -> (Callable<T>) () -> work.apply(c)).toList();
    try {
      List<T> results = new ArrayList<>(count);
      for (Future<T> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a cell failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cells were running", e);
    }
  }
}
