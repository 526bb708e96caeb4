package io.sotto.io;

import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;

/**
 * The scans of all files, in whatever order they come in. Rows that could not be read are kept up
 * to a number for all files, the first in the order of files.
 */
final class Scans implements Serializable {
  private static final long serialVersionUID = 1;
  private final TreeMap<String, Scan> byFile = new TreeMap<>();
  private long lineBytes;

  /** Adds one. */
  Scans add(Scan scan) {
    lineBytes += scan.rejections.lines.bytes();
    if (!linesFit()) {
      byFile.clear();
      return this;
    }
    byFile.put(scan.file.uri(), scan);
    if (!scan.rejections.rows.isEmpty()) {
      int room = Rejections.MOST_ROWS;
      for (Scan each : byFile.values()) {
        room -= each.rejections.keep(room);
      }
    }
    return this;
  }

  /** Adds all of others. */
  Scans merge(Scans others) {
    if (!others.linesFit()) {
      lineBytes = others.lineBytes;
      byFile.clear();
    }
    others.byFile.values().forEach(this::add);
    return this;
  }

  /** Whether the lines that are left out take no more than cells can be given; else all is lost. */
  boolean linesFit() {
    return lineBytes <= SkippedLines.MOST_BYTES;
  }

  /** All of them, in the order of files. */
  List<Scan> inOrder() {
    return List.copyOf(byFile.values());
  }
}
