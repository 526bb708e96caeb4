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
          "output.path",
          "privacy.secret"); // its mark is compared

  private static final List<String> BLOCKS_WITHOUT_EFFECT =
      List.of(
          "checkpoint.",
          "audit.",
          "score.",
          "planted.",
          "output.overwrite",
          "output.per-agent",
          "output.permissions",
          "output.report",
          "output.wait");

  /** Keys that name what is read, and so change from night to night. */
  private static final Pattern PLACES =
      Pattern.compile(
          "data\\.path|data\\.units|network\\.path|network\\.schedule\\[\\d+]\\.path|warm-start");

  private static final String NOT_SET = "not set";
  private static final int SHOWN = 5;

  /** Compares. */
  static RunDifference of(Manifest then, RunIdentity now) {
    List<String> settings = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    List<String> chosen = new ArrayList<>();
    for (String key : keys(then.configuration(), now.configuration())) {
      String was = then.configuration().getOrDefault(key, NOT_SET);
      String is = now.configuration().getOrDefault(key, NOT_SET);
      if (value(was).equals(value(is))
          || WITHOUT_EFFECT.contains(key)
          || BLOCKS_WITHOUT_EFFECT.stream().anyMatch(key::startsWith)) {
        continue;
      }
      if (isOpen(was) && isOpen(is)) {
        chosen.add("%s was chosen as %s, and is %s".formatted(key, value(was), value(is)));
      } else {
        (PLACES.matcher(key).matches() ? inputs : settings)
            .add("%s was %s, and is %s".formatted(key, was, is));
      }
    }
    boolean secrets = !then.secretMark().isEmpty() && !now.secretMark().isEmpty();
    if (secrets && !then.secretMark().equals(now.secretMark())) {
      settings.add("the secret of privacy.secret is another one");
    }
    for (String what : keys(then.inputs(), now.inputs())) {
      if (!then.inputs().getOrDefault(what, "").equals(now.inputs().getOrDefault(what, ""))) {
        inputs.add("%s changed".formatted(what));
      }
    }
    if (settings.isEmpty() && inputs.isEmpty()) {
      settings.addAll(chosen); // else it follows from what differs
    }
    if (settings.isEmpty() && inputs.isEmpty() && !then.digest().equals(now.digest())) {
      settings.add("the code of a class of yours, or another version of the program");
    }
    return new RunDifference(settings, inputs);
  }

  private static boolean isOpen(String told) {
    return told.startsWith(RunIdentity.CHOSEN) || told.equals(NOT_SET);
  }

  private static String value(String told) {
    return told.startsWith(RunIdentity.CHOSEN) ? told.substring(RunIdentity.CHOSEN.length()) : told;
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

  /** For people. Where settings differ, what is read does, too, if only because it is read so. */
  @Override
  public String toString() {
    List<String> all = settings.isEmpty() ? inputs : settings;
    String more = all.size() > SHOWN ? " and %d more".formatted(all.size() - SHOWN) : "";
    return String.join("; ", all.subList(0, Math.min(SHOWN, all.size()))) + more;
  }
}
