package io.sotto.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.spark.package$;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The versions of what is running. */
final class Version implements IVersionProvider {
  private static final Properties BUILD = build();

  private static Properties build() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/sotto-build.properties")) {
      properties.load(Objects.requireNonNull(in, "sotto-build.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException("the jar of Sotto cannot be read", e);
    }
    return properties;
  }

  /** The version of this build, as Maven wrote it into the jar. */
  static String sotto() {
    return BUILD.getProperty("sotto");
  }

  /**
   * What is wrong with the Spark that runs this, and what is needed; null if nothing is. Its
   * classes have other shapes from one minor version to the next.
   */
  static @Nullable String complaint(String spark) {
    List<String> fits = List.of(BUILD.getProperty("fits").split(" ", -1));
    return fits.stream().anyMatch(spark::startsWith)
        ? null
        : ("This is Spark %s, and this build of Sotto is for Spark %s. Set SPARK_HOME to one of these, unset it to use"
                + " Sotto's own, or build for Spark 3.5 by mvn -Pspark-3.5 package.")
            .formatted(
                spark, fits.stream().map(one -> one + "x").collect(Collectors.joining(" and ")));
  }

  static String spark() {
    return package$.MODULE$.SPARK_VERSION();
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "sotto %s, Spark %s, Java %s".formatted(sotto(), spark(), System.getProperty("java.version"))
    };
  }
}
