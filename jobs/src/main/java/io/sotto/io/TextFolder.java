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

  /** What files hold. */
  enum Kind {
    /** Texts. */
    TEXTS(
        "text",
        ".txt",
        "Mend the path, or put a file or folder for each agent there; make-data writes what data.make"
            + " names.",
        "Give a folder with an entry for each agent, deal the file with data.deal { agents = 8 }, or,"
            + " if it is a table, name its columns by data.agent and data.text."),
    /** Prompts, as JSON lines. */
    PROMPTS(
        "prompts",
        ".jsonl",
        "Mend the path, or put a file or folder of JSON lines for each agent there.",
        "Give a folder with an entry for each agent, or name the field that says whose a prompt is as"
            + " data.agent.");

    private final String what;
    private final String suffix;
    private final String nothing;
    private final String oneFile;

    /**
     * @param nothing the remedy if there is nothing
     * @param oneFile the remedy if there is one file in place of a folder
     */
    Kind(String what, String suffix, String nothing, String oneFile) {
      this.what = what;
      this.suffix = suffix;
      this.nothing = nothing;
      this.oneFile = oneFile;
    }
  }

  private TextFolder() {}

  /**
   * The files, by agent and path.
   *
   * @param path the folder, or a glob for its entries
   * @param kind of what is in them
   */
  static List<TextPart> list(String path, Kind kind, Configuration hadoop) throws IOException {
    HadoopPath place = HadoopPath.of(KEY, path, hadoop);
    try {
      return list(path, kind, place);
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

  private static List<TextPart> list(String path, Kind kind, HadoopPath place) throws IOException {
    FileSystem system = place.system();
    FileStatus[] matches;
    try {
      matches = system.globStatus(place.path());
    } catch (FileNotFoundException e) {
      matches = null;
    }
    if (matches == null || matches.length == 0) {
      throw new BadInputException(
          "%s is '%s'; there is nothing at %s. %s"
              .formatted(KEY, path, place.path(), kind.nothing));
    }
    boolean one =
        matches.length == 1 && matches[0].getPath().getName().equals(place.path().getName());
    if (one && matches[0].isFile()) {
      throw new BadInputException(
          "%s is '%s', which is one file. %s".formatted(KEY, path, kind.oneFile));
    }
    List<FileStatus> entries = inOrder(one ? system.listStatus(matches[0].getPath()) : matches);
    if (entries.isEmpty()) {
      throw new BadInputException(
          "%s is '%s'; the folder is empty. %s".formatted(KEY, path, kind.nothing));
    }
    List<TextPart> parts = new ArrayList<>();
    Map<String, Path> seen = new HashMap<>();
    for (FileStatus entry : entries) {
      String agent = entry.isFile() ? agent(entry.getPath(), kind) : entry.getPath().getName();
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
            "%s holds no %s of the agent '%s'. Put a file there, or take the folder out."
                .formatted(entry.getPath(), kind.what, agent));
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

  /** The name of a file, without what says what it holds, and that it is compressed. */
  private static String agent(Path file, Kind kind) {
    String name = file.getName();
    for (String suffix : List.of(".gz", ".bz2", kind.suffix)) {
      if (name.endsWith(suffix) && name.length() > suffix.length()) {
        name = name.substring(0, name.length() - suffix.length());
      }
    }
    return name;
  }
}
