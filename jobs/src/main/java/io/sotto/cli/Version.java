package io.sotto.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.spark.package$;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The versions of what is running. */
final class Version implements IVersionProvider {
  /** Begins the versions of Spark that it was seen to run on. */
  private static final List<String> FITS = List.of("4.2.");

  /** The version of this build, as Maven wrote it into the jar. */
  static String sotto() {
    Properties properties = new Properties();
    try (InputStream in =
        Version.class.getResourceAsStream("/META-INF/maven/io.sotto/sotto-jobs/pom.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the jar of Sotto cannot be read", e);
    }
    return properties.getProperty("version", "unpackaged");
  }

  /**
   * What is wrong with the Spark that runs this, and what is needed; null if nothing is. Its
   * classes have other shapes from one minor version to the next.
   */
  static @Nullable String complaint(String spark) {
    return FITS.stream().anyMatch(spark::startsWith)
        ? null
        : ("This is Spark %s, and Sotto is built for Spark %s. Set SPARK_HOME to one of these, or"
               + " unset it to use Sotto's own.")
            .formatted(
                spark, FITS.stream().map(one -> one + "x").collect(Collectors.joining(" and ")));
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
