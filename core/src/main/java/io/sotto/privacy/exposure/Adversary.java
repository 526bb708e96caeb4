package io.sotto.privacy.exposure;

import io.sotto.engine.Wiretap;
import io.sotto.network.Network;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Who wants to know. It follows the protocol, and keeps all that it receives. */
public sealed interface Adversary {

  /** The agents that it controls, ascending: their rows, states and clocks are its own. */
  int[] members();

  /** True if it hears what this agent says to all, or, where agents are perLink, to anyone. */
  boolean hears(Network network, int speaker);

  /** True if it hears what one agent says to another, where agents are perLink. */
  boolean hears(Network network, int speaker, int hearer);

  /** In words, without names. */
  String kind();

  /** True if it controls that agent. */
  default boolean controls(int agent) {
    return Arrays.binarySearch(members(), agent) >= 0;
  }

  /** True if it hears the agent and all whom the agent hears: then it can compute their mix. */
  default boolean exposes(Network network, int victim) {
    boolean all = hears(network, victim);
    for (int e = network.offset()[victim]; all && e < network.offset()[victim + 1]; e++) {
      all = hears(network, network.heard()[e]);
    }
    return all;
  }

  /**
   * Of what it hears, all that is said by victims, by their neighbours, and by its members: what
   * can tell something about the victims. On large networks the rest is not worth its memory.
   */
  default Wiretap tap(Network network, boolean perLink, int[] victims) {
    IntStream near =
        IntStream.concat(
            Arrays.stream(members()),
            Arrays.stream(victims)
                .flatMap(
                    i ->
                        Arrays.stream(
                            network.heard(), network.offset()[i], network.offset()[i + 1])));
    int[] speakers =
        IntStream.concat(near, Arrays.stream(members()).flatMap(a -> around(network, a)))
            .sorted()
            .distinct()
            .filter(j -> hears(network, j))
            .toArray();
    if (!perLink) {
      return Wiretap.of(speakers);
    }
    return Wiretap.of(
        network,
        Arrays.stream(speakers)
            .mapToObj(
                j ->
                    around(network, j)
                        .filter(i -> i != j && hears(network, j, i))
                        .mapToLong(i -> (long) j << 32 | i))
            .flatMapToLong(s -> s)
            .toArray());
  }

  private static IntStream around(Network network, int agent) {
    return Arrays.stream(network.heard(), network.offset()[agent], network.offset()[agent + 1]);
  }

  /** True if one agent hears another; also of itself. */
  static boolean linked(Network network, int hearer, int speaker) {
    int from = network.offset()[hearer];
    return Arrays.binarySearch(network.heard(), from, network.offset()[hearer + 1], speaker) >= 0;
  }

  /** One curious agent. */
  record Neighbour(int agent) implements Adversary {
    @Override
    public int[] members() {
      return new int[] {agent};
    }

    @Override
    public boolean hears(Network network, int speaker) {
      return Adversary.linked(network, agent, speaker);
    }

    @Override
    public boolean hears(Network network, int speaker, int hearer) {
      return speaker == agent || hearer == agent;
    }

    @Override
    public String kind() {
      return "neighbour";
    }
  }

  /**
   * Some agents that tell each other all.
   *
   * @param members ascending
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  record Coalition(int[] members) implements Adversary {
    @Override
    public boolean hears(Network network, int speaker) {
      return Arrays.stream(members).anyMatch(agent -> Adversary.linked(network, agent, speaker));
    }

    @Override
    public boolean hears(Network network, int speaker, int hearer) {
      return controls(speaker) || controls(hearer);
    }

    @Override
    public String kind() {
      return "coalition";
    }
  }

  /** Someone on the lines, who hears all that is said and is no agent. */
  record Eavesdropper() implements Adversary {
    @Override
    public int[] members() {
      return new int[0];
    }

    @Override
    public boolean hears(Network network, int speaker) {
      return true;
    }

    @Override
    public boolean hears(Network network, int speaker, int hearer) {
      return true;
    }

    @Override
    public String kind() {
      return "eavesdropper";
    }
  }
}
