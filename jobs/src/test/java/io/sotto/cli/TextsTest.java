package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextsTest {
  @TempDir Path dir;

  private Path conf(String more) {
    return Cli.write(
        dir.resolve("x.conf"),
        """
        data { path = "%s", format = text }
        output.path = "%s"
        privacy.protect = none
        seed = 7
        """
                .formatted(dir.resolve("texts"), dir.resolve("out"))
            + more);
  }

  @Test
  void theTextsOfTheExampleAreMade() {
    Path conf = conf("data.make = scribes");
    Cli.Outcome made = Cli.run("make-data", conf.toString());
    assertThat(made.code()).as(made.toString()).isZero();
    assertThat(made.out()).contains(" in 8 files, one for each agent");
    assertThat(made.complaints()).isEmpty();
    String first = Cli.read(dir.resolve("texts/ward-surgery.txt"));
    Cli.Outcome again = Cli.run("make-data", conf.toString());
    assertThat(again.code()).as(again.toString()).isZero();
    assertThat(Cli.read(dir.resolve("texts/ward-surgery.txt"))).isEqualTo(first);
    Cli.run("make-data", conf.toString(), "seed=8");
    assertThat(Cli.read(dir.resolve("texts/ward-surgery.txt"))).isNotEqualTo(first);
  }

  @Test
  void optimizeHasMissingTextsMade() {
    // ends right after it has looked at them: that method is for convex costs
    Path conf = conf("data.make = scribes, algorithm.name = nids");
    Cli.Outcome optimized = Cli.run("optimize", conf.toString());
    assertThat(optimized.code()).as(optimized.toString()).isEqualTo(2);
    assertThat(optimized.out())
        .contains("there is nothing at data.path, so it is made first, as make-data does")
        .contains(" in 8 files, one for each agent");
    String first = Cli.read(dir.resolve("texts/ward-surgery.txt"));
    Cli.Outcome again = Cli.run("optimize", conf.toString(), "seed=8");
    assertThat(again.out()).doesNotContain("made");
    assertThat(Cli.read(dir.resolve("texts/ward-surgery.txt"))).isEqualTo(first);
  }

  @Test
  void withoutAnythingToMakeThatIsSaid() {
    Cli.Outcome nothing = Cli.run("make-data", conf("").toString());
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.complaints()).singleElement().asString().startsWith("data.make is empty,");
    Cli.Outcome validated = Cli.run("validate", conf("data.make = scribes").toString());
    assertThat(validated.code()).isEqualTo(2);
    assertThat(validated.complaints())
        .singleElement()
        .asString()
        .endsWith("make-data writes what data.make names.");
    assertThat(Files.exists(dir.resolve("texts"))).isFalse();
  }

  @Test
  void ofAnAuditOnlyGamesAreForTexts() {
    refused("audit.attacks=[inversion]", "audit.attacks names inversion, and data.format is text");
    refused("audit.copies=0", "audit.copies is 0; it must be a whole number from 1 on");
    Cli.Outcome protocol = Cli.run("audit", "--protocol", "fedavg", conf("").toString());
    assertThat(protocol.code()).isEqualTo(2);
    assertThat(protocol.complaints()).singleElement().asString().startsWith("--protocol is for");
  }

  private void refused(String setting, String word) {
    Cli.Outcome audit = Cli.run("audit", conf("").toString(), setting);
    assertThat(audit.code()).as(audit.toString()).isEqualTo(2);
    assertThat(audit.complaints()).singleElement().asString().contains(word);
  }
}
