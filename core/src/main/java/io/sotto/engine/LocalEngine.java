package io.sotto.engine;

/**
 * Runs plans on threads of this process, which holds all cells.
 *
 * @param threads how many cells may run at once, at least 1
 */
public record LocalEngine(int threads) implements Engine {

  @Override
  public String name() {
    return LocalCoordinator.NAME;
  }

  @Override
  public Coordinator open(Plan plan) {
    return new LocalCoordinator(plan, threads);
  }

  /** Half of the heap that this process may have at most. */
  @Override
  public long room() {
    return Runtime.getRuntime().maxMemory() / 2;
  }

  @Override
  public boolean sharesHeap() {
    return true;
  }
}
