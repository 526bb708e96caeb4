package io.sotto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.algorithm.IdleRule;
import io.sotto.algorithm.ProjectedSubgradient;
import io.sotto.algorithm.StepSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Borders carry numbers of three types as they are, and are refused where they do not belong. */
class BorderTest {
  private static final long RUN = 0x4d;
  private static final int FORMAT_AT = 0;
  private static final int RUN_AT = 1;
  private static final int FROM_AT = 17;
  private static final int LANES_AT = 21;
  private static final int TYPE_AT = 25;

  /** Twelve agents on a ring, in three cells; each cell hears one agent of each other. */
  private static final Plan PLAN =
      Setup.of(Quadratics.random(12, 3, 6)).cells(3).plan().digest(RUN);

  private static Cell cell(int number) {
    List<Subscription> heardBy = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      MixingRows.of(PLAN.network(), PLAN.partition(), c)
          .subscriptions(PLAN.partition(), false)
          .stream()
          .filter(subscription -> subscription.source() == number)
          .forEach(heardBy::add);
    }
    MixingRows rows = MixingRows.of(PLAN.network(), PLAN.partition(), number);
    return new Cell(PLAN, rows, heardBy, PLAN.shards().load(rows.agents()));
  }

  private static Cell.Listener listener(Cell speaker, int hearer) {
    return speaker.listeners.stream().filter(l -> l.cell() == hearer).findFirst().orElseThrow();
  }

  private static Border.Lane doubles(double[] values, @Nullable BitSet moved) {
    return new Border.Lane(new Numbers.Doubles(values), 3, moved);
  }

  /** What cell 1 tells cell 0 of three numbers of each of its four agents. */
  private static byte[] told(Border.Header header, Border.Lane... lanes) {
    return Border.of(listener(cell(1), 0), header, lanes).bytes();
  }

  private static byte[] told() {
    return told(new Border.Header(RUN, 1, 1), doubles(new double[12], null));
  }

  private static void deliver(byte[] border) {
    Border.deliver(border, cell(0), 1, new Border.Lane[] {doubles(new double[6], null)});
  }

  @Test
  void numbersOfAllTypesArriveAsTheyAre() {
    double[] doubles = {1.5, -0.0, Double.NaN};
    float[] floats = {Float.MIN_VALUE, -2.5f};
    long[] longs = {Long.MIN_VALUE, 1L << 53 | 1, -1, 7};
    int agent = listener(cell(1), 0).agents()[0];
    double[] saidDoubles = new double[12];
    float[] saidFloats = new float[8];
    long[] saidLongs = new long[16];
    System.arraycopy(doubles, 0, saidDoubles, 3 * agent, 3);
    System.arraycopy(floats, 0, saidFloats, 2 * agent, 2);
    System.arraycopy(longs, 0, saidLongs, 4 * agent, 4);
    byte[] border =
        told(
            new Border.Header(RUN, 9, 1),
            doubles(saidDoubles, null),
            new Border.Lane(new Numbers.Floats(saidFloats), 2, null),
            new Border.Lane(new Numbers.Longs(saidLongs), 4, null));

    double[] heardDoubles = new double[6];
    float[] heardFloats = new float[4];
    long[] heardLongs = new long[8];
    Cell hearer = cell(0);
    Border.deliver(
        border,
        hearer,
        9,
        new Border.Lane[] {
          doubles(heardDoubles, null),
          new Border.Lane(new Numbers.Floats(heardFloats), 2, null),
          new Border.Lane(new Numbers.Longs(heardLongs), 4, null)
        });

    int at = hearer.stretchAt(1);
    assertThat(
            IntStream.range(0, 3)
                .mapToObj(j -> Double.doubleToRawLongBits(heardDoubles[3 * at + j])))
        .containsExactly(
            Double.doubleToRawLongBits(1.5),
            Double.doubleToRawLongBits(-0.0),
            Double.doubleToRawLongBits(Double.NaN));
    assertThat(heardFloats[2 * at]).isEqualTo(floats[0]);
    assertThat(heardFloats[2 * at + 1]).isEqualTo(floats[1]);
    assertThat(IntStream.range(0, 4).mapToObj(j -> heardLongs[4 * at + j]))
        .containsExactly(longs[0], longs[1], longs[2], longs[3]);
    // header, three types and masks' flags, and the numbers themselves
    assertThat(border).hasSize(TYPE_AT + 3 * 2 + 3 * 8 + 2 * 4 + 4 * 8);
  }

  /** As doubles these are no numbers, of all kinds; as words they are what they are. */
  @Test
  void wordsKeepTheBitsOfWhatWouldBeNoNumber() {
    long[] patterns = {
      0x7ff0000000000001L, 0xfff0000000000001L, 0x7ff7ffffffffffffL, 0x7ff8000000000000L,
      0xffffffffffffffffL, 0x7fffffffffffffffL, 0x8000000000000000L, 0x7ff0000000000000L,
      0xfff4deadbeef0001L
    };
    double[] said = new double[3 * 4];
    double[] heard = new double[3 * 2];
    int agent = listener(cell(1), 0).agents()[0];
    for (int from = 0; from < patterns.length; from += 3) {
      for (int k = 0; k < 3; k++) {
        said[3 * agent + k] = Double.longBitsToDouble(patterns[from + k]);
      }
      byte[] border =
          told(new Border.Header(RUN, 1, 1), new Border.Lane(Numbers.said(said, true), 3, null));
      assertThat(border[TYPE_AT]).isEqualTo((byte) 'l');
      Border.deliver(
          border,
          cell(0),
          1,
          new Border.Lane[] {new Border.Lane(Numbers.said(heard, true), 3, null)});
      double[] copied = new double[3];
      new Said(heard, 3).copy(new int[] {cell(0).stretchAt(1)}, copied, 0);
      for (int k = 0; k < 3; k++) {
        assertThat(Double.doubleToRawLongBits(copied[k])).isEqualTo(patterns[from + k]);
      }
    }
    refused(
        told(new Border.Header(RUN, 1, 1), new Border.Lane(Numbers.said(said, true), 3, null)),
        "lane 0 has numbers of type 'l', and this cell keeps double numbers there");
  }

  @Test
  void whoDidNotMoveStillSaysWhatItSaid() {
    double[] heard = {1, 2, 3, 4, 5, 6};
    byte[] border = told(new Border.Header(RUN, 1, 1), doubles(new double[12], new BitSet()));
    Border.deliver(border, cell(0), 1, new Border.Lane[] {doubles(heard, null)});
    assertThat(heard).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(doubles(heard, new BitSet()).hasNews()).isFalse();
    assertThat(doubles(heard, null).hasNews()).isTrue();
  }

  @Test
  void whatBelongsElsewhereIsRefused() {
    refused(
        told(new Border.Header(5, 1, 1), doubles(new double[12], null)),
        "it is from run 0000000000000005, and this is run 000000000000004d");
    refused(
        told(new Border.Header(RUN, 33, 1), doubles(new double[12], null)),
        "for the superstep from tick 33 on, and the next begins with tick 1");
    refused(
        told(new Border.Header(RUN, 1, 0), doubles(new double[12], null)),
        "told something by cell 0, of which it hears nothing");
    refused(
        told(
            new Border.Header(RUN, 1, 1),
            doubles(new double[12], null),
            doubles(new double[12], null)),
        "it has 2 lanes, and this cell has 1");
    refused(
        told(
            new Border.Header(RUN, 1, 1),
            new Border.Lane(new Numbers.Longs(new long[12]), 3, null)),
        "lane 0 has numbers of type 'l', and this cell keeps double numbers there");
    byte[] later = told();
    later[FORMAT_AT] = 2;
    refused(later, "it is of format 2, and this process reads format 1");
    deliver(told());
  }

  private static void refused(byte[] border, String why) {
    assertThatThrownBy(() -> deliver(border))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(why);
  }

  /** The places of the header, on which processes of other versions rely. */
  @Test
  void theHeaderIsWhatTheFormatSays() {
    ByteBuffer border = ByteBuffer.wrap(told()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(border.get(FORMAT_AT)).isEqualTo((byte) 1);
    assertThat(border.getLong(RUN_AT)).isEqualTo(RUN);
    assertThat(border.getLong(RUN_AT + 8)).isEqualTo(1);
    assertThat(border.getInt(FROM_AT)).isEqualTo(1);
    assertThat(border.getInt(LANES_AT)).isEqualTo(1);
    assertThat(border.get(TYPE_AT)).isEqualTo((byte) 'd');
    assertThat(border.get(TYPE_AT + 1)).as("all moved").isEqualTo((byte) 1);
  }

  /** Supersteps run by a state keep its borders in step. */
  @Test
  void statesTellTheSuperstepThatHearsThem() {
    Cell speaker = cell(1);
    CellState[] lanes =
        new Beginning(
                List.of(new ProjectedSubgradient(IdleRule.MIX, new StepSize(0.1, 0.6))),
                Wiretap.none())
            .of(speaker);
    lanes[0].advance(speaker, new Workspace(speaker), new Superstep(1, 8, false, false));
    for (Border border : Border.told(speaker, lanes)) {
      ByteBuffer bytes = ByteBuffer.wrap(border.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(bytes.getLong(RUN_AT + 8)).isEqualTo(9);
    }
  }
}
