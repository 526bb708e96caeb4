package io.sotto.run;

import io.sotto.problem.Parameters;
import io.sotto.problem.Registry;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A loss, a set or another part of a run that was chosen by name. It keeps its name and parameters,
 * so that {@code run.json} can say how to repeat the run. Configured parts of the same name, type
 * and parameters are equal.
 *
 * @param <T> what it is
 */
public final class Part<T> {
  private final String name;
  private final Map<String, Object> parameters;
  private final T value;
  private final boolean configured;

  private Part(String name, Map<String, ?> parameters, T value, boolean configured) {
    this.name = name;
    this.parameters = Collections.unmodifiableMap(new TreeMap<String, Object>(parameters));
    this.value = value;
    this.configured = configured;
  }

  /** A part that a configuration chose by its name, and what it was made from. */
  public static <T> Part<T> of(String name, Map<String, ?> parameters, T value) {
    return new Part<>(name, parameters, value, true);
  }

  /** A part that a program made; it is named by its class. */
  public static <T> Part<T> of(T value) {
    return made(value.getClass().getName(), value);
  }

  /** A part that a program made, with a name. */
  static <T> Part<T> made(String name, T value) {
    return new Part<>(name, Map.of(), value, false);
  }

  /**
   * The one of that name.
   *
   * @param key the configuration key that holds the name, for messages
   * @param where the path in front of each parameter's key, for messages
   * @throws io.sotto.problem.BadInputException if there is none, or its parameters do not fit
   */
  public static <T> Part<T> of(
      Registry<T> registry, String key, String name, String where, Map<String, ?> parameters) {
    return of(name, parameters, registry.make(key, name, new Parameters(where, parameters)));
  }

  /** Whether a configuration chose it: name and parameters then say all of it. */
  boolean isConfigured() {
    return configured;
  }

  /** What configurations call it; the name of its class where a program made it. */
  public String name() {
    return name;
  }

  /** What it was made from, as JSON has values, by key. */
  public Map<String, Object> parameters() {
    return parameters;
  }

  /** The part itself. */
  public T value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Part<?> part
        && name.equals(part.name)
        && parameters.equals(part.parameters)
        && configured == part.configured
        && (configured ? value.getClass() == part.value.getClass() : value.equals(part.value));
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + parameters.hashCode();
  }

  @Override
  public String toString() {
    return parameters.isEmpty() ? name : name + parameters;
  }
}
