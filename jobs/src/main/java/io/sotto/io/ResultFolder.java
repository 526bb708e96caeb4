package io.sotto.io;

import io.sotto.engine.Coordinator;
import io.sotto.result.Result;
import io.sotto.run.Output;
import io.sotto.run.Prepared;
import io.sotto.run.RunRecord;
import io.sotto.run.Solution;

/** Writes a result into a folder: {@code solution.json}, {@code run.json} and tables. */
public final class ResultFolder implements Output {
  /** What is written in a second, cautiously. */
  private static final double BYTES_PER_SECOND = 20e6;

  private final OutputFolder folder;
  private final boolean perAgent;

  /**
   * @param folder to write into
   * @param perAgent whether what names single agents is written
   */
  public ResultFolder(OutputFolder folder, boolean perAgent) {
    this.folder = folder;
    this.perAgent = perAgent;
  }

  @Override
  public void open(Prepared prepared) throws Exception {
    folder.spareInputs(prepared.costs().report());
    folder.open();
  }

  @Override
  public double reserve(Prepared prepared) {
    int agents = prepared.plan().agents();
    long vectors = perAgent ? agents : 0;
    if (perAgent && prepared.plan().addressed()) {
      vectors += prepared.plan().network().heard().length - agents;
    }
    return 8.0 * vectors * prepared.plan().dimension() / BYTES_PER_SECOND;
  }

  @Override
  public void tables(Coordinator cells, Prepared prepared, Result result) throws Exception {
    if (perAgent) {
      Tables.writeEstimates(cells, prepared, result.last().mean(), folder.part("estimates"));
      if (prepared.plan().addressed()) {
        Tables.writeLinks(cells, prepared, folder.part("links"));
      }
    }
    Tables.writeTrace(result.trace(), folder.part("trace"));
  }

  @Override
  public void publish(Solution solution, RunRecord record) throws Exception {
    folder.json("solution.json", solution.toMap());
    folder.json("run.json", record.map());
    folder.publish();
  }
}
