package io.sotto.io;

import io.sotto.problem.RowSchema;
import java.util.List;

/**
 * What is known of the rows once they have been scanned.
 *
 * @param stored how to find those of an agent again
 * @param schema what their columns mean
 * @param report what the scan found
 * @param agents the names of the agents, in the order of their indices
 * @param rowsOf how many rows each agent holds
 */
@SuppressWarnings("ArrayRecordComponent") // flat arrays are the point; nobody compares datasets
public record Dataset(
    StoredRows stored, RowSchema schema, ScanReport report, List<String> agents, int[] rowsOf) {

  /** Whether only the numbers that are not zero are stored. */
  public boolean sparse() {
    return stored.sparse();
  }
}
