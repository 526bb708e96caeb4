package io.sotto.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.run.Harmonisation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HarmonisationTest {

  private static AgentColumn numbers(String agent, double mean, double deviation, int rows) {
    return new AgentColumn(
        agent, "x", true, rows, 0, 1, mean, deviation, deviation == 0, Map.of(), 0);
  }

  private static AgentColumn values(String agent, Map<String, Long> values, double numbers) {
    long rows = values.values().stream().mapToLong(Long::longValue).sum();
    return new AgentColumn(agent, "x", true, rows, 0, numbers, 0, 1, values.size() == 1, values, 0);
  }

  private static List<Harmonisation.Finding> of(List<AgentColumn> columns) {
    return Harmonisation.of(columns, null).findings();
  }

  /** Sites whose means are apart by a tenth, one in another unit. */
  private static List<AgentColumn> sites(int n, double mean, double cv, DoubleUnaryOperator unit) {
    return sites(n, mean, 0.03, cv, unit);
  }

  /**
   * The same.
   *
   * @param between the deviation of the logarithms of their means
   */
  private static List<AgentColumn> sites(
      int n, double mean, double between, double cv, DoubleUnaryOperator unit) {
    Random random = new Random(5);
    List<AgentColumn> sites = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double own = mean * Math.exp(between * random.nextGaussian());
      double deviation = own * cv * Math.exp(0.1 * random.nextGaussian());
      double zero = i == 1 ? unit.applyAsDouble(0) : 0;
      double slope = i == 1 ? unit.applyAsDouble(1) - zero : 1;
      sites.add(numbers("site" + i, zero + slope * own, slope * deviation, 80));
    }
    return sites;
  }

  @ParameterizedTest
  @CsvSource({
    "170, 0.06, 2.54, centimetres against inches",
    "75, 0.2, 2.2046, pounds against kilograms",
    "5.6, 0.3, 18.016, glucose",
    "0.95, 0.3, 88.42, creatinine",
    "14, 0.12, 10, a decimal place",
    "0.4, 0.3, 100, per cent",
    "2.5, 0.4, 1000, thousands"
  })
  void anotherUnitIsFoundWithItsLikelyCause(double mean, double cv, double factor, String cause) {
    for (int n : new int[] {2, 3, 5, 40, 200}) {
      for (double by : new double[] {factor, 1 / factor}) {
        List<Harmonisation.Finding> found = of(sites(n, mean, cv, x -> x * by));
        assertThat(found).as("%d sites, %s", n, by).hasSize(1);
        assertThat(found.get(0).kind()).isEqualTo(Kind.UNIT);
        assertThat(found.get(0).words()).contains(cause);
        if (n > 2) {
          assertThat(found.get(0).agents()).containsExactly("site1");
        }
      }
    }
  }

  @Test
  void degreesFahrenheitAreFound() {
    List<Harmonisation.Finding> found = of(sites(5, 37, 0.003, 0.015, x -> 1.8 * x + 32));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).line()).startsWith("unit?: 'x' of site1 looks like degrees Fahrenheit");
    found = of(sites(5, 98.6, 0.003, 0.01, x -> (x - 32) / 1.8));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).words()).contains("Celsius, and like Fahrenheit elsewhere");
  }

  @Test
  void halfOfTheSitesInAnotherUnitAreNamedOnce() {
    List<AgentColumn> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      double unit = i < 4 ? 1 : 2.54;
      all.add(numbers("site" + i, 66 * unit * (1 + 0.01 * i), 4 * unit, 50));
    }
    List<Harmonisation.Finding> found = of(all);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).agents()).containsExactly("site4", "site5", "site6", "site7");
  }

  /**
   * Columns of sites that differ as sites do: the share with any finding about a unit, of 2,000.
   */
  @ParameterizedTest
  @ValueSource(ints = {3, 8, 30})
  void sitesThatDifferByNatureAreLeftAlone(int n) {
    Random random = new Random(n);
    int columns = 2000;
    int alarms = 0;
    for (int k = 0; k < columns; k++) {
      double between = 0.05 + 0.2 * random.nextDouble(); // deviation of log means of sites
      double cv = 0.05 + 1.2 * random.nextDouble();
      List<AgentColumn> sites = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        int rows = 20 + random.nextInt(300);
        double own = Math.exp(between * random.nextGaussian());
        double mean = own * (1 + cv / Math.sqrt(rows) * random.nextGaussian());
        double deviation = own * cv * Math.exp(0.15 * random.nextGaussian());
        sites.add(numbers("site" + i, 50 * mean, 50 * deviation, rows));
      }
      alarms += of(sites).isEmpty() ? 0 : 1;
    }
    System.out.printf("%d sites: %d of %d columns raise a false alarm%n", n, alarms, columns);
    assertThat(alarms / (double) columns).isLessThan(0.005);
  }

  @Test
  void columnsAroundZeroAreComparedByTheirDeviations() {
    List<AgentColumn> calm =
        IntStream.range(0, 6)
            .mapToObj(i -> numbers("site" + i, 0.1 * (i - 3), 1 + 0.02 * i, 100))
            .toList();
    assertThat(of(calm)).isEmpty();
    List<AgentColumn> odd = new ArrayList<>(calm);
    odd.set(2, numbers("site2", -1, 10, 100));
    assertThat(of(odd)).hasSize(1);
  }

  @Test
  void textAmongNumbersComesFirst() {
    List<AgentColumn> all = new ArrayList<>(sites(3, 170, 0.06, x -> x / 2.54));
    all.set(2, values("words", Map.of("tall", 5L, "short", 4L), 0));
    List<Harmonisation.Finding> found = of(all);
    assertThat(found.get(0).kind()).isEqualTo(Kind.TYPE);
    assertThat(found.get(0).line()).isEqualTo("type: 'x' of words is text, and numbers elsewhere");
  }

  @Test
  void codesAndWordsThatDifferAreFound() {
    Map<String, Long> words = Map.of("female", 20L, "male", 30L);
    assertThat(of(List.of(values("a", words, 0), values("b", words, 0), values("c", words, 0))))
        .isEmpty();
    List<Harmonisation.Finding> found =
        of(
            List.of(
                values("a", words, 0),
                values("b", Map.of("F", 20L, "M", 30L), 0),
                values("c", words, 0)));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).line())
        .isEqualTo("levels: 'x' of b has 'F', 'M', and elsewhere it is 'female', 'male'");
    Map<String, Long> flags = Map.of("0", 20L, "1", 30L);
    found =
        of(
            List.of(
                values("a", flags, 1),
                values("b", Map.of("1", 20L, "2", 30L), 1),
                values("c", flags, 1)));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).words()).isEqualTo("has '2', and elsewhere it is '0', '1'");
    found = of(List.of(values("a", flags, 1), values("b", Map.of("1", 9L, "2", 9L), 1)));
    assertThat(found).hasSize(1);
  }

  @Test
  void classesThatAreSwappedAreFoundAndRareOnesAreNot() {
    List<AgentColumn> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(values("site" + i, Map.of("0", 80L + 5 * i, "1", 15L), 1));
    }
    assertThat(Harmonisation.of(all, "x").findings()).isEmpty();
    all.set(3, values("site3", Map.of("0", 8L, "1", 92L), 1));
    List<Harmonisation.Finding> found = Harmonisation.of(all, "x").findings();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).line())
        .isEqualTo(
            "label: 'x' of site3 is '1' much more often than elsewhere: are the two swapped?");
  }

  @Test
  void missingEmptyConstantAndAbsentColumnsAreFound() {
    List<AgentColumn> all = new ArrayList<>(sites(6, 50, 0.2, x -> x));
    all.set(0, new AgentColumn("half", "x", true, 40, 0.6, 1, 50, 10, false, Map.of(), 0));
    all.set(
        2, new AgentColumn("void", "x", true, 0, 1, 0, Double.NaN, Double.NaN, false, Map.of(), 0));
    all.set(
        3,
        new AgentColumn(
            "gone", "x", false, 0, Double.NaN, 0, Double.NaN, Double.NaN, false, Map.of(), 0));
    all.set(4, numbers("same", 50, 0, 80));
    assertThat(of(all).stream().map(Harmonisation.Finding::line))
        .containsExactly(
            "type: 'x' of gone is not there",
            "missing: 'x' of void is empty, and not elsewhere",
            "missing: 'x' of half is missing in 60 % of rows, and elsewhere in 0 %",
            "constant: 'x' of same is the same in all rows, and not elsewhere");
  }

  @Test
  void thousandsOfAgentsAreComparedAtOnce() {
    List<AgentColumn> all = new ArrayList<>(sites(20_000, 170, 0.06, x -> x / 2.54));
    List<Harmonisation.Finding> found = of(all);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).agents()).containsExactly("site1");
  }
}
