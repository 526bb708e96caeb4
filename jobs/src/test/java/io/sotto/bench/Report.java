package io.sotto.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the command says.
 *
 * @param machine where it was measured
 * @param commit of what
 * @param figures in the order of the table
 * @param failed exit codes of benchmarks that have no figures
 */
record Report(Machine machine, String commit, List<Figure> figures, Map<String, Integer> failed) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** For people: a line for each figure, then the notes. */
  String table() {
    int id = width("id", figures.stream().map(Figure::id).toList());
    int title = width("figure", figures.stream().map(Figure::title).toList());
    int unit = width("unit", figures.stream().map(Figure::unit).toList());
    String row = "%-" + id + "s  %-" + title + "s  %10s  %10s  %-" + unit + "s  %7s  %-8s  %s%n";
    StringBuilder text = new StringBuilder();
    text.append(String.format("%s%ncommit %s%n%n", machine.text(), commit));
    text.append(
        row.formatted("id", "figure", "value", "baseline", "unit", "ratio", "target", "holds"));
    for (Figure figure : figures) {
      text.append(
          row.formatted(
              figure.id(),
              figure.title(),
              number(figure.value()),
              number(figure.baseline()),
              figure.unit(),
              String.format(Locale.ROOT, "%.3f", figure.ratio()),
              figure.target().text(),
              figure.holds() == null ? "-" : figure.holds() ? "yes" : "NO"));
    }
    failed.forEach((name, code) -> text.append("%s  failed, exit code %d%n".formatted(name, code)));
    figures.stream()
        .filter(figure -> !figure.note().isEmpty())
        .forEach(figure -> text.append("%n%s: %s%n".formatted(figure.id(), figure.note())));
    return text.toString();
  }

  private static int width(String heading, List<String> cells) {
    return cells.stream().mapToInt(String::length).reduce(heading.length(), Math::max);
  }

  private static String number(double x) {
    return String.format(Locale.ROOT, Math.abs(x) >= 100 ? "%.0f" : "%.3g", x);
  }

  /** For programs. */
  ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    root.set("machine", JSON.valueToTree(machine));
    root.put("commit", commit);
    ArrayNode array = root.putArray("figures");
    for (Figure figure : figures) {
      ObjectNode node = array.addObject();
      node.put("id", figure.id());
      node.put("title", figure.title());
      node.put("value", figure.value());
      node.put("baseline", figure.baseline());
      node.put("unit", figure.unit());
      node.put("ratio", figure.ratio());
      node.put("target", figure.target().text());
      node.put("holds", figure.holds());
      node.set("rounds", JSON.valueToTree(figure.rounds()));
      if (!figure.note().isEmpty()) {
        node.put("note", figure.note());
      }
    }
    if (!failed.isEmpty()) {
      root.set("failed", JSON.valueToTree(failed));
    }
    return root;
  }

  /** Writes {@link #json} so that the file is there as a whole or as it was before. */
  void write(Path file) throws IOException {
    Path whole = file.toAbsolutePath();
    Path written =
        whole.resolveSibling("." + whole.getFileName() + "." + ProcessHandle.current().pid());
    try {
      JSON.writerWithDefaultPrettyPrinter().writeValue(written.toFile(), json());
      Files.move(written, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }
}
