package io.sotto.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Recognises an earlier result by its files, so that nothing else is ever replaced. */
final class EarlierFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All that results are made of. */
  private static final Set<String> PARTS =
      Set.of(
          Leftovers.SUCCESS,
          "solution.json",
          "run.json",
          "audit.json",
          "report.html",
          "summary.csv",
          "covariance.csv",
          "path.csv",
          "survival.csv",
          "estimates",
          "links",
          "model",
          "trace",
          "rejected",
          "scores",
          "scores.json");

  /** The files that tell a result, each with keys that it has. */
  private static final Map<String, List<String>> MARKS =
      Map.of(
          "run.json", List.of("formatVersion", "status"),
          "solution.json", List.of("formatVersion", "estimate"),
          "audit.json", List.of("adversary", "attacks"),
          "scores.json", List.of("formatVersion", "metrics"));

  private EarlierFiles() {}

  /**
   * What is at a place that is neither an earlier result nor an empty folder, for the message;
   * empty if it may be replaced.
   */
  static String foreign(FileSystem system, Path place) throws IOException {
    if (!system.getFileStatus(place).isDirectory()) {
      return "is a file";
    }
    FileStatus[] children = system.listStatus(place);
    boolean marked = children.length == 0;
    for (FileStatus child : children) {
      String name = child.getPath().getName();
      boolean checksum = name.startsWith(".") && name.endsWith(".crc");
      if (!PARTS.contains(name) && !checksum) {
        return "holds %s, which is no part of a result"
            .formatted(name.replaceAll("\\p{Cntrl}", "?"));
      }
      marked |= child.isFile() && isMark(system, child, MARKS.getOrDefault(name, List.of()));
    }
    return marked ? "" : "holds no run.json, solution.json, audit.json or scores.json of Sotto";
  }

  private static boolean isMark(FileSystem system, FileStatus file, List<String> keys)
      throws IOException {
    if (keys.isEmpty()) {
      return false;
    }
    try (InputStream in = system.open(file.getPath())) {
      JsonNode json = JSON.readTree(in);
      return keys.stream().allMatch(json::has);
    } catch (JsonProcessingException e) {
      return false; // it is another's
    }
  }
}
