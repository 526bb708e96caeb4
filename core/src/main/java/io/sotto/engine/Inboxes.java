package io.sotto.engine;

/**
 * The exchange within one process. A cell writes its messages straight into the inboxes of the
 * cells that hear it. When a cell hears, its inbox and its array of what it heard change places. So
 * messages are copied once and never turned into bytes.
 */
final class Inboxes implements Exchange {
  private Cell[] cells = {};

  /** By cell and lane. */
  private double[][][] inboxes = {};

  @Override
  public void start(Cell[] all, CellState[][] states) {
    cells = all;
    inboxes = new double[all.length][][];
    for (int c = 0; c < all.length; c++) {
      inboxes[c] = new double[states[c].length][];
      for (int lane = 0; lane < states[c].length; lane++) {
        inboxes[c][lane] = new double[all[c].outside() * states[c][lane].stride()];
      }
    }
  }

  @Override
  public void tell(Cell cell, CellState[] lanes) {
    for (int lane = 0; lane < lanes.length; lane++) {
      CellState state = lanes[lane];
      for (Cell.Listener listener : cell.listeners) {
        int at = cells[listener.cell()].stretchAt(cell.id) * state.stride();
        state.say(listener, inboxes[listener.cell()][lane], at);
      }
    }
  }

  @Override
  public void hear(Cell cell, CellState[] lanes) {
    double[][] inbox = inboxes[cell.id];
    for (int lane = 0; lane < lanes.length; lane++) {
      inbox[lane] = lanes[lane].hear(inbox[lane]);
    }
  }
}
