package io.sotto.bench;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** About the least that an application on Spark can do: counts the rows of a csv table. */
public final class CountTable {
  private CountTable() {}

  /** Takes the table's path. */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = SparkSession.builder().appName("count").getOrCreate()) {
      System.out.println(spark.read().option("header", true).csv(args[0]).count() + " rows");
    }
  }
}
