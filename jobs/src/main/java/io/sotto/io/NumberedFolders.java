package io.sotto.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Folders in a folder with the names 000001, 000002 and so on. It may hold other things, too.
 *
 * @param root the folder that they are in
 */
record NumberedFolders(FileSystem system, Path root) {

  /** The folder of a number. */
  Path of(int number) {
    return new Path(root, String.format(Locale.ROOT, "%06d", number));
  }

  /** The numbers of all that are there, the latest first. */
  List<Integer> numbers() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try {
      for (FileStatus status : system.listStatus(root)) {
        String name = status.getPath().getName();
        if (status.isDirectory() && name.matches("\\d{6,9}")) {
          numbers.add(Integer.parseInt(name));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    numbers.sort(Comparator.reverseOrder());
    return numbers;
  }

  /** The number after the latest. */
  int next() throws IOException {
    return 1 + numbers().stream().findFirst().orElse(0);
  }

  /** Removes them and a file beside them, and then the root if nothing else is in it. */
  void remove(String beside) throws IOException {
    for (int number : numbers()) {
      system.delete(of(number), true);
    }
    system.delete(new Path(root, beside), false);
    if (system.exists(root) && system.listStatus(root).length == 0) {
      system.delete(root, false);
    }
  }
}
