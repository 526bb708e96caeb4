package io.sotto.io;

import io.sotto.problem.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder whose entries are agents: a file is the text of one, a folder holds the texts of one.
 * Names that begin with {@code _} or {@code .} are passed over.
 */
final class TextFolder {
  private static final String KEY = "data.path";
  private static final List<String> SUFFIXES = List.of(".gz", ".bz2", ".txt");

  private TextFolder() {}

  /**
   * The files, by agent and path.
   *
   * @param path the folder, or a glob for its entries
   * @param remedy the last sentence of the complaint that there is nothing
   */
  static List<TextPart> list(String path, String remedy, Configuration hadoop) throws IOException {
    HadoopPath place = HadoopPath.of(KEY, path, hadoop);
    try {
      return list(path, remedy, place);
    } catch (IllegalArgumentException e) { // a name that Hadoop's paths cannot hold
      throw new BadInputException(
          ("%s is '%s'; Hadoop cannot read files with a colon or the like in their names (%s)."
                  + " Rename the file.")
              .formatted(KEY, path, IoFailure.why(e)),
          e);
    } catch (IOException e) {
      throw IoFailure.input("%s is '%s'; it cannot be listed".formatted(KEY, path), e);
    }
  }

  private static List<TextPart> list(String path, String remedy, HadoopPath place)
      throws IOException {
    FileSystem system = place.system();
    FileStatus[] matches;
    try {
      matches = system.globStatus(place.path());
    } catch (FileNotFoundException e) {
      matches = null;
    }
    if (matches == null || matches.length == 0) {
      throw new BadInputException(
          "%s is '%s'; there is nothing at %s. %s".formatted(KEY, path, place.path(), remedy));
    }
    boolean one =
        matches.length == 1 && matches[0].getPath().getName().equals(place.path().getName());
    if (one && matches[0].isFile()) {
      throw new BadInputException(
          ("%s is '%s', which is one file. Give a folder with an entry for each agent, deal the"
                  + " file with data.deal { agents = 8 }, or, if it is a table, name its columns by"
                  + " data.agent and data.text.")
              .formatted(KEY, path));
    }
    List<FileStatus> entries = inOrder(one ? system.listStatus(matches[0].getPath()) : matches);
    if (entries.isEmpty()) {
      throw new BadInputException(
          "%s is '%s'; the folder is empty. %s".formatted(KEY, path, remedy));
    }
    List<TextPart> parts = new ArrayList<>();
    Map<String, Path> seen = new HashMap<>();
    for (FileStatus entry : entries) {
      String agent = entry.isFile() ? agent(entry.getPath()) : entry.getPath().getName();
      Path other = seen.put(agent, entry.getPath());
      if (other != null) {
        throw new BadInputException(
            ("%s is '%s'; %s and %s are both of the agent '%s'. Rename one, or put both into a"
                    + " folder of that name.")
                .formatted(KEY, path, other.getName(), entry.getPath().getName(), agent));
      }
      int before = parts.size();
      add(system, entry, agent, parts);
      if (parts.size() == before) {
        throw new BadInputException(
            "%s holds no text of the agent '%s'. Put one there, or take the folder out."
                .formatted(entry.getPath(), agent));
      }
    }
    return parts;
  }

  private static void add(FileSystem system, FileStatus entry, String agent, List<TextPart> parts)
      throws IOException {
    if (entry.isFile()) {
      parts.add(new TextPart(new InputFile(entry.getPath().toString(), entry.getLen()), agent));
      return;
    }
    for (FileStatus child : inOrder(system.listStatus(entry.getPath()))) {
      add(system, child, agent, parts);
    }
  }

  private static List<FileStatus> inOrder(FileStatus[] entries) {
    return Arrays.stream(entries)
        .filter(entry -> !InputFile.isHidden(entry))
        .sorted(Comparator.comparing(entry -> entry.getPath().toString()))
        .toList();
  }

  /** The name of a file, without what says that it is a text, and compressed. */
  private static String agent(Path file) {
    String name = file.getName();
    for (String suffix : SUFFIXES) {
      if (name.endsWith(suffix) && name.length() > suffix.length()) {
        name = name.substring(0, name.length() - suffix.length());
      }
    }
    return name;
  }
}
