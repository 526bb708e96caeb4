package io.sotto.io;

import io.sotto.run.RunIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What differs between the run of a checkpoint and this one.
 *
 * @param settings what differs of the configuration, the secret and the program, in words
 * @param inputs what differs of what is read, in words
 */
record RunDifference(List<String> settings, List<String> inputs) {

  /** Keys that decide no number of the result: how long it may run, on what, where it goes. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "engine.name",
          "stop.deadline",
          "stop.deadline-exit-code",
          "stop.require-certificate",
          "data.rejected-values",
          "zone",
          "privacy.secret"); // its mark is compared

  private static final List<String> BLOCKS_WITHOUT_EFFECT =
      List.of("checkpoint.", "audit.", "output.overwrite", "output.per-agent", "output.wait");

  /** Keys that name what is read or written, and so change from night to night. */
  private static final Pattern PLACES =
      Pattern.compile(
          "data\\.path|data\\.units|network\\.path|network\\.schedule\\[\\d+]\\.path|warm-start"
              + "|output\\.path");

  private static final int SHOWN = 5;

  /** Compares. */
  static RunDifference of(Manifest then, RunIdentity now) {
    List<String> settings = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    for (String key : keys(then.configuration(), now.configuration())) {
      String was = then.configuration().getOrDefault(key, "not set");
      String is = now.configuration().getOrDefault(key, "not set");
      if (!was.equals(is)
          && !WITHOUT_EFFECT.contains(key)
          && BLOCKS_WITHOUT_EFFECT.stream().noneMatch(key::startsWith)) {
        (PLACES.matcher(key).matches() ? inputs : settings)
            .add("%s was %s, and is %s".formatted(key, was, is));
      }
    }
    if (!then.secretMark().equals(now.secretMark())) {
      settings.add("the secret of privacy.secret is another one");
    }
    for (String what : keys(then.inputs(), now.inputs())) {
      if (!then.inputs().getOrDefault(what, "").equals(now.inputs().getOrDefault(what, ""))) {
        inputs.add("%s changed".formatted(what));
      }
    }
    if (settings.isEmpty() && inputs.isEmpty() && !then.digest().equals(now.digest())) {
      settings.add("the code of a class of yours, or another version of the program");
    }
    return new RunDifference(settings, inputs);
  }

  private static Set<String> keys(Map<String, String> a, Map<String, String> b) {
    Set<String> keys = new TreeSet<>(a.keySet());
    keys.addAll(b.keySet());
    return keys;
  }

  boolean isNone() {
    return settings.isEmpty() && inputs.isEmpty();
  }

  boolean ofInputsOnly() {
    return settings.isEmpty();
  }

  /** For people. */
  @Override
  public String toString() {
    List<String> all = new ArrayList<>(settings);
    all.addAll(inputs);
    String more = all.size() > SHOWN ? " and %d more".formatted(all.size() - SHOWN) : "";
    return String.join("; ", all.subList(0, Math.min(SHOWN, all.size()))) + more;
  }
}
