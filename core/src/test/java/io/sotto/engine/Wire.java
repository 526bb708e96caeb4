package io.sotto.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An exchange that carries nothing but the bytes of borders, as one between processes would. */
final class Wire implements Exchange {
  /** By the cell that hears, what was told. */
  private List<List<byte[]>> inboxes = List.of();

  private long bytes;

  @Override
  public void start(Cell[] cells, CellState[][] states) {
    inboxes = Arrays.stream(cells).<List<byte[]>>map(cell -> new ArrayList<>()).toList();
  }

  @Override
  public synchronized void tell(Cell cell, CellState[] lanes) {
    for (Border border : Border.told(cell, lanes)) {
      inboxes.get(border.to()).add(border.bytes());
      bytes += border.bytes().length;
    }
  }

  @Override
  public void hear(Cell cell, CellState[] lanes) {
    inboxes.get(cell.id).forEach(border -> Border.hear(cell, lanes, border));
    inboxes.get(cell.id).clear();
  }

  /** All bytes so far. */
  long bytes() {
    return bytes;
  }
}
