package io.sotto.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.result.Measurement;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a check found: a line of {@code --log-json}, and an event in Spark's event log. It tells
 * what the console tells and {@code trace/} keeps, and nothing of single agents. What is not known,
 * or may not be measured, is left out.
 *
 * @param time in UTC, ISO 8601
 * @param tick ticks so far
 * @param superstep supersteps so far
 * @param seconds since the program began
 * @param objective F at the estimate that would be reported
 * @param gap how far F can be above its least value, divided by itself
 * @param disagreement see {@link Measurement}
 * @param infeasibility see {@link Measurement}
 * @param active agents active at the tick
 * @param measured what a model of language measures beside, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CheckEvent(
    String time,
    long tick,
    long superstep,
    double seconds,
    @Nullable Double objective,
    @Nullable Double gap,
    @Nullable Double disagreement,
    @Nullable Double infeasibility,
    int active,
    @Nullable Map<String, Double> measured)
    implements SparkListenerEvent {
  private static final ObjectMapper JSON = new ObjectMapper();

  static CheckEvent of(Measurement now, Instant time, double seconds) {
    Map<String, Double> measured = new TreeMap<>();
    for (String name : now.measured().names()) {
      Double value = finite(now.measured().of(name));
      if (value != null) {
        measured.put(name, value);
      }
    }
    boolean told = now.isMeasured();
    return new CheckEvent(
        time.toString(),
        now.tick(),
        now.superstep(),
        seconds,
        told ? finite(now.objective()) : null,
        told ? finite(now.gap()) : null,
        finite(now.disagreement()),
        told ? finite(now.infeasibility()) : null,
        now.active(),
        measured.isEmpty() ? null : measured);
  }

  /** This as a line of JSON. */
  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A check could not be told as JSON", e);
    }
  }

  /** JSON has no word for what is no finite number. */
  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
