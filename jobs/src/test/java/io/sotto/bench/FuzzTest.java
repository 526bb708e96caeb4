package io.sotto.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.bench.Spoiling.Form;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spoilt inputs, and whether it would be seen if one ended as none may. */
class FuzzTest {
  private static final int INPUTS = 200;

  @TempDir Path dir;
  private final List<String> told = new ArrayList<>();

  private Fuzz.Summary fuzz(Callable<Fuzz.End> run) throws Exception {
    return fuzz(run, Fuzz.MOST_SECONDS);
  }

  private Fuzz.Summary fuzz(Callable<Fuzz.End> run, long seconds) throws Exception {
    Fuzz.Trial trial =
        new Fuzz.Trial() {
          @Override
          public void write(SplittableRandom random) throws IOException {
            Files.writeString(dir.resolve("input"), Long.toString(random.nextLong()));
          }

          @Override
          public Fuzz.End run() throws Exception {
            return run.call();
          }
        };
    return new Fuzz(trial, dir, told::add, seconds, 0).run("made up", 7, 0, 2);
  }

  @Test
  void thoseThatEndAsTheyMayAreCounted() throws Exception {
    Fuzz.Summary summary = fuzz(() -> new Fuzz.End(2, "", "no such file", null));
    assertThat(summary.faults()).isEmpty();
    assertThat(summary.codes()).containsOnlyKeys("2").containsValue(2L);
    assertThat(summary.words()).contains("2 inputs, exit code 2: 2;");
    assertThat(summary.count(2)).isEqualTo(2);
    assertThat(summary.count(0)).isZero();
    assertThat(told).hasSize(2);
    assertThat(told.get(0)).startsWith("made up: 1 inputs, exit code 2: 1;").endsWith(", of 2");
  }

  @Test
  void everyOtherEndIsTold() throws Exception {
    assertThat(fuzz(() -> new Fuzz.End(1, "", "x", new IllegalStateException("oh"))).faults())
        .hasSize(2)
        .allMatch(fault -> fault.contains("unforeseen: java.lang.IllegalStateException: oh"));
    assertThat(fuzz(() -> new Fuzz.End(52, "", "x", null)).faults().get(1))
        .isEqualTo("made up, seed 7, index 1: exit code 52");
    assertThat(fuzz(() -> new Fuzz.End(2, "", " ", null)).faults().get(0))
        .contains("ends without a word");
    assertThat(
            fuzz(() -> {
                  throw new IOException("oh");
                })
                .faults())
        .hasSize(2);
    Fuzz.Summary left =
        fuzz(
            () -> {
              Files.writeString(dir.resolve("output"), "");
              return new Fuzz.End(0, "", "", null);
            });
    assertThat(left.faults()).hasSize(1);
    assertThat(left.faults().get(0)).contains("left files", "output");
  }

  @Test
  @Timeout(60)
  void oneThatHangsIsToldWithItsPlaceAndTheNextIsTried() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Fuzz.Summary summary =
        fuzz(
            () -> {
              never.await();
              return new Fuzz.End(0, "", "", null);
            },
            1);
    assertThat(summary.faults()).hasSize(2);
    assertThat(summary.faults().get(1)).contains("index 1: has not ended after 1 s", "await");
  }

  @ParameterizedTest
  @EnumSource
  void seedAndIndexSayAllOfAnInput(Form form) {
    byte[] valid = "a = 1\nb = [2, 3]\nc,d,5:6\n".getBytes(StandardCharsets.UTF_8);
    Set<Integer> different = new HashSet<>();
    for (long index = 0; index < 100; index++) {
      byte[] one = Spoiling.of(form, valid, List.of(valid), Fuzz.random("x", 3, index));
      byte[] again = Spoiling.of(form, valid, List.of(valid), Fuzz.random("x", 3, index));
      assertThat(again).isEqualTo(one);
      different.add(Arrays.hashCode(one));
    }
    assertThat(different).hasSizeGreaterThan(80);
  }

  @Test
  @Tag("slow")
  void spoiltInputsOfEveryKindEndAsTheyMay() throws Exception {
    String home = System.getProperty("user.home");
    List<Figure> figures;
    try {
      figures = FuzzBenchmark.run(dir, "", 2026, 0, INPUTS, told::add);
    } finally {
      System.setProperty("user.home", home);
    }
    assertThat(figures).hasSize(7).allMatch(figure -> figure.value() == 0, told.toString());
    assertThat(figures.get(6).note()).contains("resumed");
  }
}
