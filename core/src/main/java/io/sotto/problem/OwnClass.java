package io.sotto.problem;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/**
 * A user's own class, named in full in the configuration and found on the classpath (spark-submit
 * --jars). It is made by a public static {@code of(Parameters)}, or by a public constructor that
 * takes {@link Parameters}, or by one that takes nothing, whichever it has first.
 */
final class OwnClass {
  private OwnClass() {}

  /** True if that is the name of a class: it has a dot, which no name of a registry has. */
  static boolean isName(String name) {
    return name.contains(".");
  }

  /**
   * Makes one.
   *
   * @param key the configuration key that holds the name, for messages
   * @throws BadInputException if the class is not there, is no such type, or refuses
   */
  static <T> T make(String key, String name, Class<T> type, Parameters parameters) {
    Class<?> found = find(key, name, type);
    if (!type.isAssignableFrom(found)) {
      throw new BadInputException(
          words(key, name, "is no %s: let it implement that".formatted(type.getName())));
    }
    try {
      return type.cast(make(key, found, type, parameters));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof BadInputException refusal) {
        throw refusal;
      }
      throw new BadInputException(
          words(key, name, "failed with %s: mend it".formatted(e.getCause())), e);
    } catch (ReflectiveOperationException e) {
      throw new BadInputException(
          words(key, name, "cannot be made (%s): make it public".formatted(e)), e);
    }
  }

  private static Object make(String key, Class<?> found, Class<?> type, Parameters parameters)
      throws ReflectiveOperationException {
    for (Method method : found.getMethods()) {
      if (method.getName().equals("of")
          && Modifier.isStatic(method.getModifiers())
          && type.isAssignableFrom(method.getReturnType())
          && takesParameters(method.getParameterTypes())) {
        return method.invoke(null, parameters);
      }
    }
    Constructor<?> plain = null;
    for (Constructor<?> constructor : found.getConstructors()) {
      if (takesParameters(constructor.getParameterTypes())) {
        return constructor.newInstance(parameters);
      }
      plain = constructor.getParameterCount() == 0 ? constructor : plain;
    }
    if (plain == null) {
      throw new BadInputException(
          words(
              key,
              found.getName(),
              "cannot be made: give it a public static of(Parameters), or a public constructor that"
                  + " takes Parameters or nothing"));
    }
    return plain.newInstance();
  }

  private static boolean takesParameters(Class<?>... types) {
    return types.length == 1 && types[0] == Parameters.class;
  }

  /** By the loader of the thread, which is where spark-submit puts jars. */
  private static Class<?> find(String key, String name, Class<?> type) {
    ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = ofThread == null ? type.getClassLoader() : ofThread;
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new BadInputException(
          words(
              key,
              name,
              "cannot be found (%s): correct the name, or submit its jar with --jars".formatted(e)),
          e);
    }
  }

  private static String words(String key, String name, String what) {
    return "%s is '%s'; the class %s.".formatted(key, name, what);
  }
}
