package io.sotto.engine.graphx;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import scala.collection.JavaConverters;
import scala.collection.immutable.Seq;

/**
 * Collections of Java as those of Scala, and back, in words that Scala 2.12 (Spark 3.5) and 2.13
 * (Spark 4) have both.
 */
public final class ScalaCollections {
  private ScalaCollections() {}

  /** The same elements as a sequence that does not change. */
  public static <T> Seq<T> seq(List<T> elements) {
    return asScala(elements.iterator()).toList();
  }

  /** The same iterator. */
  public static <T> scala.collection.Iterator<T> asScala(Iterator<T> elements) {
    return JavaConverters.asScalaIteratorConverter(elements).asScala();
  }

  /** The same iterator. */
  public static <T> Iterator<T> asJava(scala.collection.Iterator<T> elements) {
    return JavaConverters.asJavaIteratorConverter(elements).asJava();
  }

  /** The same map. */
  static <K, V> Map<K, V> asJava(scala.collection.Map<K, V> entries) {
    return JavaConverters.mapAsJavaMapConverter(entries).asJava();
  }
}
