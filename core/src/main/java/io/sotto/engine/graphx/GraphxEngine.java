package io.sotto.engine.graphx;

import io.sotto.engine.Coordinator;
import io.sotto.engine.Engine;
import io.sotto.engine.Plan;
import io.sotto.problem.BadInputException;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;

/**
 * Spark: cells are the vertex partitions of a GraphX graph.
 *
 * @param spark where it runs; stays open
 */
public record GraphxEngine(JavaSparkContext spark) implements Engine {

  @Override
  public String name() {
    return GraphxCoordinator.NAME;
  }

  /**
   * An engine on a session that is there already.
   *
   * @throws BadInputException if the session serialises by Kryo, which cannot write records
   */
  public GraphxEngine {
    String serializer = spark.getConf().get("spark.serializer", "");
    if (serializer.endsWith("KryoSerializer")) {
      throw new BadInputException(
          "spark.serializer is %s, which cannot write records; leave it out, or set it to %s."
              .formatted(serializer, JavaSerializer.class.getName()));
    }
  }

  @Override
  public Coordinator open(Plan plan) {
    return new GraphxCoordinator(plan, spark);
  }

  /**
   * In {@code local} and {@code local[*]} half of the driver's heap. On a cluster all that Spark
   * sets aside for blocks and shuffles on the executors that have registered so far, which is
   * {@code spark.memory.fraction} (0.6) of each one's heap less 300 MB; the driver's own is not
   * counted.
   */
  @Override
  public long room() {
    if (sharesHeap()) {
      return Runtime.getRuntime().maxMemory() / 2;
    }
    String driver = SparkEnv.get().blockManager().blockManagerId().hostPort();
    return ScalaCollections.asJava(spark.sc().getExecutorMemoryStatus()).entrySet().stream()
        .filter(process -> !process.getKey().equals(driver))
        .mapToLong(process -> (Long) process.getValue()._1())
        .sum();
  }

  @Override
  public boolean sharesHeap() {
    return spark.sc().isLocal();
  }
}
