package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint stores comes back, to the last bit. */
class StateFileTest {
  private static final int CHUNK = 1 << 16;
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path dir;

  @SuppressWarnings("ArrayRecordComponent") // what is tested
  private record Inner(double one, double[] numbers, long[] words) {}

  @SuppressWarnings("ArrayRecordComponent") // what is tested
  private record Value(
      long count,
      double figure,
      @Nullable String name,
      double[] numbers,
      long[] words,
      int[] whole,
      double @Nullable [] none,
      double[][] both,
      List<Inner> list,
      @Nullable Inner inner) {}

  private static final double[] EVERY_KIND = {
    -0.0,
    0.0,
    Double.MIN_VALUE,
    -Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN,
    0.1
  };

  private static final double[] BITS = {
    Double.longBitsToDouble(0x7ff8_0000_0000_0001L),
    Double.longBitsToDouble(0x7ff4_dead_beef_0001L),
    Double.longBitsToDouble(0xfff8_0000_0000_0000L),
    -0.0,
    1.5
  };

  private static final long[] WORDS = {Long.MIN_VALUE, Long.MAX_VALUE, -1, 0, 1L << 53 | 1};

  private static Value value() {
    return new Value(
        Long.MIN_VALUE,
        Double.NEGATIVE_INFINITY,
        "a \"name\"\n\u00e4",
        EVERY_KIND.clone(),
        WORDS.clone(),
        new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE, 0},
        null,
        new double[][] {BITS.clone(), {}, {3}},
        List.of(
            new Inner(-0.0, new double[0], new long[0]),
            new Inner(Double.NaN, BITS.clone(), new long[] {7})),
        null);
  }

  private static long[] bits(double[] numbers) {
    return Arrays.stream(numbers).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private StateFile written(Object value) throws IOException {
    return StateFile.write(value, dir.toString(), "000001/cells", 3, HADOOP);
  }

  @Test
  void everyKindOfNumberComesBack() throws IOException {
    StateFile file = written(value());
    assertThat(file.path()).isEqualTo("000001/cells/part-00003.parquet");
    assertThat(file.bytes()).isEqualTo(Files.size(dir.resolve(file.path())));
    Value read = file.read(Value.class, dir.toString(), HADOOP);
    assertThat(read.count()).isEqualTo(Long.MIN_VALUE);
    assertThat(read.figure()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(read.name()).isEqualTo(value().name());
    assertThat(bits(read.numbers())).isEqualTo(bits(EVERY_KIND));
    assertThat(read.words()).isEqualTo(WORDS);
    assertThat(read.whole()).isEqualTo(value().whole());
    assertThat(read.none()).isNull();
    assertThat(read.inner()).isNull();
    assertThat(read.both()).hasNumberOfRows(3);
    assertThat(bits(read.both()[0])).isEqualTo(bits(BITS));
    assertThat(read.both()[1]).isEmpty();
    assertThat(read.both()[2]).containsExactly(3);
    assertThat(read.list()).hasSize(2);
    assertThat(bits(new double[] {read.list().get(0).one()})).isEqualTo(bits(new double[] {-0.0}));
    assertThat(read.list().get(0).words()).isEmpty();
    assertThat(bits(read.list().get(1).numbers())).isEqualTo(bits(BITS));
    assertThat(read.list().get(1).words()).containsExactly(7);
  }

  @Test
  void moreThanOneRowOfNumbersComesBackInOrder() throws IOException {
    double[] numbers = IntStream.rangeClosed(0, 2 * CHUNK).mapToDouble(k -> k / 3.0).toArray();
    double[] payload = numbers.clone();
    payload[CHUNK] = BITS[0];
    long[] words = IntStream.range(0, CHUNK).mapToLong(k -> (long) k << 40).toArray();
    Inner read = written(new Inner(1, numbers, words)).read(Inner.class, dir.toString(), HADOOP);
    assertThat(read.numbers()).isEqualTo(numbers);
    assertThat(read.words()).isEqualTo(words);
    Inner other =
        written(new Inner(1, payload, new long[0])).read(Inner.class, dir.toString(), HADOOP);
    assertThat(bits(other.numbers())).isEqualTo(bits(payload));
  }

  /** The measurements of a long run are a long text in its manifest. */
  @Test
  void aManifestMayBeLong() throws IOException {
    String path = "000001/operator/part-00000.parquet";
    StateFile file = new StateFile(path, 1, "", "x".repeat(30_000_000), List.of());
    Manifest manifest =
        new Manifest(
            Manifest.FORMAT_VERSION,
            Manifest.RUNNING,
            1,
            "",
            Map.of(),
            "",
            "",
            false,
            Map.of(),
            Map.of(),
            file,
            List.of());
    assertThat(Manifest.read(manifest.bytes())).isEqualTo(manifest);
  }

  /** The same state makes the same bytes, so that a task that ran twice is no damage. */
  @Test
  void theSameValueMakesTheSameBytes() throws IOException {
    StateFile once = written(value());
    Files.delete(dir.resolve(once.path()));
    assertThat(written(value())).isEqualTo(once);
  }

  @Test
  void anotherFileInItsPlaceIsFound() throws IOException {
    StateFile file = written(new Inner(1, EVERY_KIND, WORDS));
    Files.delete(dir.resolve(file.path()));
    written(new Inner(1, new double[] {1}, WORDS));
    assertThatThrownBy(() -> file.read(Inner.class, dir.toString(), HADOOP))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("part-00003.parquet is not as it was written");
  }
}
