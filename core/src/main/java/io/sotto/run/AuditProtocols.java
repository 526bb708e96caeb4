package io.sotto.run;

import io.sotto.privacy.protocol.Exchanged;
import io.sotto.privacy.protocol.Protocol;
import io.sotto.problem.BadInputException;
import io.sotto.problem.LocalObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Other people's protocols on the rows of an audit. */
public final class AuditProtocols {
  private AuditProtocols() {}

  /**
   * Runs them, and scores what is learnt.
   *
   * @param costs what agents hold; without sets
   * @param protocols by name
   */
  public static List<Exchanged> play(Costs costs, Map<String, Protocol> protocols) {
    List<Exchanged> all = new ArrayList<>();
    if (protocols.isEmpty()) {
      return all;
    }
    if (!costs.shards().anywhere() || costs.count() < 2) {
      throw new BadInputException(
          "--protocol wants the rows of at least two agents, read from files; leave it out, or read"
              + " such rows.");
    }
    LocalObjective block = costs.shards().load(IntStream.range(0, costs.count()).toArray());
    double[] shares =
        Arrays.stream(costs.work().rowsOf()).mapToDouble(rows -> Math.max(1, rows)).toArray();
    double sum = Arrays.stream(shares).sum();
    Arrays.setAll(shares, i -> shares[i] / sum);
    protocols.forEach((name, protocol) -> all.addAll(Exchanged.of(name, protocol, block, shares)));
    return all;
  }
}
