package io.sotto.network;

import io.sotto.problem.Parameters;
import java.util.Locale;
import java.util.Random;

/**
 * Each pair is linked with the same probability, independently (Gilbert 1959). The gaps between
 * linked pairs are geometric, so a draw takes O(agents + links) (Batagelj and Brandes, "Efficient
 * generation of large random networks", Phys. Rev. E 71, 2005).
 *
 * @param probability above 0, at most 1
 */
public record ErdosRenyi(double probability) implements Topology {
  private static final long serialVersionUID = 1;

  static Topology of(Parameters parameters) {
    double probability = parameters.number("probability", 0, 1);
    if (probability == 0) {
      throw parameters.bad("probability", probability, "it must be above 0");
    }
    return new ErdosRenyi(probability);
  }

  @Override
  public Links draw(int agents, Random random) {
    double expected = probability * agents * (agents - 1.0) / 2;
    Pairs pairs = new Pairs(agents, expected);
    // StrictMath, because the last bit decides who is linked.
    double scale = StrictMath.log1p(-probability);
    double all = (double) agents * agents;
    int i = 1;
    long j = -1;
    while (true) {
      // 0 where the probability is 1 and the scale therefore minus infinity
      double gap = Math.floor(StrictMath.log(1 - random.nextDouble()) / scale);
      if (gap > all) {
        return pairs.links();
      }
      j += 1 + (long) gap;
      while (j >= i && i < agents) {
        j -= i++;
      }
      if (i >= agents) {
        return pairs.links();
      }
      pairs.add((int) j, i);
    }
  }

  @Override
  public boolean random() {
    return true;
  }

  @Override
  public String remedy(int agents) {
    return String.format(
        Locale.ROOT,
        "Raise network.probability; draws begin to be connected at ln N / N, here %.2g.",
        Math.log(agents) / agents);
  }

  @Override
  public String toString() {
    return "erdos-renyi(%s)".formatted(probability);
  }
}
