package io.sotto.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All parts of one kind (losses, sets, topologies) that a configuration can name. To add one, add a
 * line with an example; the contract test, the help text and the error messages use the example.
 *
 * @param <T> what is made
 */
public final class Registry<T> {
  private static final int MOST_COMPARED = 200;

  private final String kind;
  private final @Nullable Class<T> own;
  private final Map<String, Entry<T>> entries = new LinkedHashMap<>();

  /**
   * A part that a configuration can name.
   *
   * @param name what configurations call it
   * @param example parameters that make a valid one
   * @param factory makes it, or throws {@link BadInputException}
   */
  public record Entry<T>(String name, Map<String, ?> example, Function<Parameters, T> factory) {
    /** Makes the example. */
    public T makeExample() {
      return factory.apply(new Parameters(name, example));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * @param kind what the entries are, for messages, such as {@code loss}
   */
  public Registry(String kind) {
    this(kind, null);
  }

  /**
   * A registry that also accepts the full name of a user's own class.
   *
   * @param own what they implement
   */
  public Registry(String kind, @Nullable Class<T> own) {
    this.kind = kind;
    this.own = own;
  }

  /** Adds an entry, and returns this. */
  public Registry<T> add(String name, Map<String, ?> example, Function<Parameters, T> factory) {
    if (entries.put(name, new Entry<>(name, example, factory)) != null) {
      throw new IllegalStateException("two of the name " + name);
    }
    return this;
  }

  /** The names, in the order in which they were added. */
  public Set<String> names() {
    return entries.keySet();
  }

  /** The entries, in the order in which they were added. */
  public Collection<Entry<T>> entries() {
    return entries.values();
  }

  /**
   * Makes the one of that name.
   *
   * @param key the configuration key that holds the name, for messages
   * @throws BadInputException if there is none of that name, or its parameters do not fit
   */
  public T make(String key, String name, Parameters parameters) {
    Entry<T> entry = entries.get(name);
    if (entry == null && own != null && OwnClass.isName(name)) {
      return OwnClass.make(key, name, own, parameters);
    }
    if (entry == null) {
      throw new BadInputException(
          "%s is '%s'; there is no such %s, maybe '%s' is meant. Known: %s."
              .formatted(key, name, kind, nearest(name, names()), String.join(", ", names())));
    }
    return entry.factory().apply(parameters);
  }

  /**
   * The candidate with the fewest single-letter changes from the word; the first of equals. Only
   * the first letters count of what is longer than any name should be.
   */
  public static String nearest(String word, Collection<String> candidates) {
    String start = start(word);
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> editDistance(start, start(candidate))))
        .orElseThrow();
  }

  private static String start(String word) {
    return word.substring(0, Math.min(word.length(), MOST_COMPARED));
  }

  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
