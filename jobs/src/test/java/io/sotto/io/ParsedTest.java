package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What Sotto reads is parsed. Nothing makes objects of classes that a file names: no Java
 * serialisation, no Kryo, no XML of beans, no JSON with names of classes, no file of Spark's
 * objects.
 */
class ParsedTest {
  private static final Pattern OBJECTS =
      Pattern.compile(
          "new ObjectInputStream|\\.readObject\\(|\\.readUnshared\\(|SerializationUtils|XMLDecoder"
              + "|com\\.esotericsoftware|DefaultTyping|JsonTypeInfo|ObjectReader.*Typing"
              + "|\\.objectFile\\(|snakeyaml");

  @Test
  void noFileIsReadAsObjects() throws IOException {
    List<String> found = new ArrayList<>();
    int files = 0;
    for (Path module : List.of(Path.of("../core/src/main"), Path.of("../jobs/src/main"))) {
      try (Stream<Path> all = Files.walk(module)) {
        for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
          files++;
          for (String line : Files.readAllLines(file)) {
            if (OBJECTS.matcher(line).find()) {
              found.add(file + ": " + line.strip());
            }
          }
        }
      }
    }
    assertThat(files).isGreaterThan(500);
    assertThat(found).isEmpty();
    assertThat("Object o = new ObjectInputStream(in).readObject();").containsPattern(OBJECTS);
  }
}
