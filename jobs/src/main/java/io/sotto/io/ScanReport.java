package io.sotto.io;

import java.util.List;

/**
 * What a scan of all files found.
 *
 * @param inputs the files, in order
 * @param rows how many there are, without those that were left out
 * @param weight the sum of their weights, M
 * @param entries how many numbers are stored in them
 * @param bytes what they take in memory
 * @param constant the names of the features that are the same in all rows
 * @param rejected the rows that were left out
 */
public record ScanReport(
    List<Input> inputs,
    long rows,
    double weight,
    long entries,
    long bytes,
    List<String> constant,
    Rejected rejected) {

  /**
   * One file.
   *
   * @param file where it is
   * @param checksum of its bytes as stored
   * @param rejectedRows how many of its rows were left out
   */
  public record Input(InputFile file, String checksum, long rejectedRows) {}
}
