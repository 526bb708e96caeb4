package io.sotto.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.problem.BadInputException;
import io.sotto.run.Solution;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The solution of a result, for those who apply it. */
public final class SolutionFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "solution.json";

  private SolutionFile() {}

  /**
   * Reads one.
   *
   * @param key the configuration key that names it, for messages
   * @param path the folder of a result, or its {@code solution.json} alone, as any Hadoop URI
   * @throws BadInputException if there is none
   */
  public static Solution read(String key, String path, Configuration hadoop) throws IOException {
    HadoopPath place = HadoopPath.of(key, path, hadoop);
    boolean folder =
        place.system().exists(place.path())
            && place.system().getFileStatus(place.path()).isDirectory();
    Map<String, Object> map =
        new LinkedHashMap<>(
            json(key, path, place, folder ? new Path(place.path(), NAME) : place.path()));
    if (map.containsKey("weights")) {
      throw new BadInputException(
          "%s is '%s', which is a model of language, and not one of rows. Use the command generate."
              .formatted(key, path));
    }
    if (!map.containsKey("loss") && folder) { // up to version 0.2.0 the record alone says it
      Map<String, Object> run = json(key, path, place, new Path(place.path(), "run.json"));
      map.put("loss", String.valueOf(run.get("loss")));
    }
    Solution solution = Solution.of(map);
    if (solution.loss().isEmpty()) {
      throw new BadInputException(
          "%s is '%s', which does not say its loss. Give the whole folder of the result."
              .formatted(key, path));
    }
    return solution;
  }

  private static Map<String, Object> json(String key, String path, HadoopPath place, Path file)
      throws IOException {
    try (InputStream in = place.system().open(file)) {
      return JSON.readValue(in, new TypeReference<Map<String, Object>>() {});
    } catch (FileNotFoundException e) {
      throw new BadInputException(
          "%s is '%s', and there is no %s. Give the folder of a result, or its solution.json."
              .formatted(key, path, file),
          e);
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          "%s is '%s', and %s is not JSON. Give the folder of a result, or its solution.json."
              .formatted(key, path, file),
          e);
    }
  }
}
