package io.sotto.run;

import io.sotto.network.Network;
import io.sotto.privacy.mechanism.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What tells one run from another. A checkpoint is only good for a run of which all of it is the
 * same.
 *
 * @param configuration the settings with what was chosen, by key
 * @param inputs what was read: digests, by what they are of
 * @param secretMark tells one secret from another; empty without one
 * @param digest of all that messages depend on
 * @param fresh the secret, if it was made for this run alone
 */
public record RunIdentity(
    Map<String, String> configuration,
    Map<String, String> inputs,
    String secretMark,
    String digest,
    Optional<Secret> fresh) {

  /** What stands before a value that was chosen, as it follows from the others and from inputs. */
  public static final String CHOSEN = "auto: ";

  /**
   * That of a run.
   *
   * @param given the settings before anything was chosen, as JSON has values
   * @param decided the same with what was chosen
   */
  static RunIdentity of(Prepared prepared, Map<String, ?> given, Map<String, ?> decided) {
    Map<String, String> open = new TreeMap<>();
    given.forEach((key, value) -> flatten(key, value, open));
    Map<String, String> keys = new TreeMap<>();
    decided.forEach((key, value) -> flatten(key, value, keys));
    keys.replaceAll((key, value) -> value.equals(open.get(key)) ? value : CHOSEN + value);
    Map<String, String> inputs = new TreeMap<>();
    Costs costs = prepared.costs();
    if (costs.report().get(RowSource.INPUTS) instanceof List<?> files) {
      files.forEach(file -> flatten(String.valueOf(((Map<?, ?>) file).get("path")), file, inputs));
    }
    inputs.put("rows and their cost", costs.digest());
    Network network = prepared.plan().network();
    inputs.put(
        "links",
        new RunDigest()
            .whole("offset", network.offset())
            .whole("heard", network.heard())
            .number("weight", network.weight())
            .hex());
    prepared.warmStart().ifPresent(start -> inputs.put("warm-start", start.digest()));
    Protection protection = prepared.protection();
    boolean secret = protection.asked().mechanism() != RunSettings.Mechanism.NONE;
    return new RunIdentity(
        keys,
        inputs,
        secret ? protection.secret().mark() : "",
        prepared.digest(),
        secret && protection.fresh() ? Optional.of(protection.secret()) : Optional.empty());
  }

  private static void flatten(String key, @Nullable Object value, Map<String, String> into) {
    if (value instanceof Map<?, ?> block) {
      block.forEach((name, inner) -> flatten(key + "." + name, inner, into));
    } else if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
      for (int k = 0; k < list.size(); k++) {
        flatten("%s[%d]".formatted(key, k), list.get(k), into);
      }
    } else {
      into.put(key, String.valueOf(value));
    }
  }
}
