package io.sotto.run;

import io.sotto.network.Links;
import io.sotto.network.Network;
import io.sotto.privacy.exposure.OffsetBound;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What offsets promise of a run ({@link OffsetBound}), for problems that differ by as much as
 * others err who know no more of a subgradient than the mean of all.
 *
 * @param difference {@code |S^(-1/2) b|}, in the units of subgradients
 * @param deviation s
 * @param bound by adversary
 */
public record Guarantee(double difference, double deviation, OffsetBound bound) {

  static Guarantee of(Links keys, Network network, double difference, double deviation) {
    return new Guarantee(
        difference, deviation, OffsetBound.of(keys, network, ratio(difference, deviation)));
  }

  private static double ratio(double difference, double deviation) {
    return deviation > 0 ? difference / deviation : 0;
  }

  /** {@code |S^(-1/2) b| / s}. */
  double ratio() {
    return ratio(difference, deviation);
  }

  /** For {@code run.json}. */
  Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("difference", difference);
    map.put("deviation", deviation);
    map.put("neighbour", number(bound.neighbour()));
    map.put("neighbourhood", number(bound.neighbourhood()));
    map.put("eavesdropper", number(bound.eavesdropper()));
    return map;
  }

  private static @Nullable Object number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /** For people: how often each adversary can at most be right. */
  public String words() {
    return words(bound.neighbour(), bound.neighbourhood(), bound.eavesdropper());
  }

  /**
   * The same of a run that is over.
   *
   * @param record what {@link #toMap} gave
   */
  public static String words(Map<String, ?> record) {
    Written bound = new Written("run.json: privacy.bound", record);
    return words(
        bound.number("neighbour", Double.NaN),
        bound.number("neighbourhood", Double.NaN),
        bound.number("eavesdropper", Double.NaN));
  }

  private static String words(double neighbour, double neighbourhood, double eavesdropper) {
    return Double.isNaN(neighbour)
        ? "no bound is computed for more than %s agents".formatted(Text.count(OffsetBound.MOST))
        : ("two problems with one solution, in which an agent's subgradient differs by as much as"
                + " agents' do: a neighbour names the right one with a chance of at most %.2f, all"
                + " neighbours of an agent together %.2f, and an eavesdropper %.2f (guessing: 0.50; no"
                + " promise: 1.00)")
            .formatted(chance(neighbour), chance(neighbourhood), chance(eavesdropper));
  }

  private static double chance(double variation) {
    return 0.5 + variation / 2;
  }
}
