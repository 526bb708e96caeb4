package io.sotto.io;

import io.sotto.config.Dates;
import io.sotto.problem.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The latest complete output of an earlier day.
 *
 * @param path where it is, as the configuration would have it; empty if there is none
 * @param passedOver later ones, which are not complete
 */
public record PreviousOutput(Optional<String> path, List<String> passedOver) {
  private static final String KEY = "warm-start";

  /**
   * Looks for it.
   *
   * @param pattern a path that holds {@link Dates#PREVIOUS} where folders have a date in their name
   * @param day the day that it must be before
   */
  public static PreviousOutput of(String pattern, LocalDate day, Configuration hadoop)
      throws IOException {
    HadoopPath place = HadoopPath.of(KEY, pattern, hadoop);
    try {
      List<String> passedOver = new ArrayList<>();
      for (LocalDate date : dates(place).headSet(day, false).descendingSet()) {
        String path = pattern.replace(Dates.PREVIOUS, date.toString());
        if (isComplete(HadoopPath.of(KEY, path, hadoop))) {
          return new PreviousOutput(Optional.of(path), passedOver);
        }
        passedOver.add(path);
      }
      return new PreviousOutput(Optional.empty(), passedOver);
    } catch (IOException e) {
      throw IoFailure.input("%s is '%s'; it cannot be looked for".formatted(KEY, pattern), e);
    }
  }

  /** The dates in the names of folders. */
  private static TreeSet<LocalDate> dates(HadoopPath pattern) throws IOException {
    Path dated = null;
    for (Path at = pattern.path(); at != null; at = at.getParent()) {
      if (at.getName().contains(Dates.PREVIOUS)) {
        dated = at;
      }
    }
    if (dated == null || dated.getParent() == null) {
      throw new BadInputException(
          "%s is '%s'; %s must stand in the name of a folder, as in out/%s."
              .formatted(KEY, pattern.path(), Dates.PREVIOUS, Dates.PREVIOUS));
    }
    String name =
        Arrays.stream(dated.getName().split(Pattern.quote(Dates.PREVIOUS), -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("(\\d{4}-\\d\\d-\\d\\d)"));
    // What a killed run moved away counts, too: it is put back before it is looked into.
    Pattern names = Pattern.compile("%s|\\.%s\\.old\\..*".formatted(name, name));
    TreeSet<LocalDate> dates = new TreeSet<>(Comparator.naturalOrder());
    FileStatus[] folders;
    try {
      folders = pattern.system().listStatus(dated.getParent());
    } catch (FileNotFoundException e) {
      return dates; // nothing has ever been written there
    }
    for (FileStatus folder : folders) {
      Matcher matcher = names.matcher(folder.getPath().getName());
      if (matcher.matches()) {
        String date =
            matcher.group(1) != null ? matcher.group(1) : matcher.group(matcher.groupCount());
        try {
          dates.add(LocalDate.parse(date));
        } catch (DateTimeException e) {
          continue; // digits of another kind
        }
      }
    }
    return dates;
  }

  private static boolean isComplete(HadoopPath place) throws IOException {
    if (!place.system().exists(place.path())) {
      new Leftovers(place.system(), place.system().makeQualified(place.path())).recover();
    }
    return place.system().exists(new Path(place.path(), Leftovers.SUCCESS))
        && place.system().exists(new Path(place.path(), "solution.json"));
  }
}
