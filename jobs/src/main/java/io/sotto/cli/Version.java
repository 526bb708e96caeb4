package io.sotto.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.spark.package$;
import picocli.CommandLine.IVersionProvider;

/** The versions of what is running. */
final class Version implements IVersionProvider {

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
