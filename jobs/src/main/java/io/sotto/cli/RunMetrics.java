package io.sotto.cli;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.sotto.engine.Plan;
import io.sotto.result.Measurement;
import io.sotto.run.Optimize;
import io.sotto.run.Prepared;
import io.sotto.run.RunState;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;
import org.jspecify.annotations.Nullable;

/**
 * A run in Spark's own tools: its figures in the metrics system, as the source {@code sotto} of the
 * driver, and an event in the event log for each check. A gauge is NaN while its figure is not
 * known or may not be measured.
 */
final class RunMetrics implements Optimize.Listener, Source {
  private static final double NANOS = 1e9;

  private final MetricRegistry registry = new MetricRegistry();
  private final SparkContext context;
  private final Function<Measurement, CheckEvent> events;
  private volatile @Nullable CheckEvent last;
  private volatile long ticks;
  private volatile long supersteps;
  private volatile double ticksPerSecond = Double.NaN;
  private volatile long bytesPerSuperstep;
  private long since;
  private long sinceTick;

  private RunMetrics(SparkContext context, Function<Measurement, CheckEvent> events) {
    this.context = context;
    this.events = events;
    gauge("tick", () -> ticks);
    gauge("superstep", () -> supersteps);
    gauge("objective", () -> figure(CheckEvent::objective));
    gauge("gap", () -> figure(CheckEvent::gap));
    gauge("disagreement", () -> figure(CheckEvent::disagreement));
    gauge("infeasibility", () -> figure(CheckEvent::infeasibility));
    gauge("ticksPerSecond", () -> ticksPerSecond);
    gauge("borderBytes", () -> supersteps * bytesPerSuperstep);
  }

  /** Of a run on that context, from now on. */
  static RunMetrics of(SparkContext context, Function<Measurement, CheckEvent> events) {
    RunMetrics metrics = new RunMetrics(context, events);
    SparkEnv.get().metricsSystem().registerSource(metrics);
    return metrics;
  }

  private <T extends Number> void gauge(String name, Gauge<T> value) {
    registry.register(name, value);
  }

  private double figure(Function<CheckEvent, @Nullable Double> of) {
    CheckEvent now = last;
    Double value = now == null ? null : of.apply(now);
    return value == null ? Double.NaN : value;
  }

  @Override
  public String sourceName() {
    return "sotto";
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  @Override
  public void prepared(Prepared run) {
    since = System.nanoTime();
    Plan plan = run.plan();
    bytesPerSuperstep = plan.borderBytes(run.algorithm().apply(1).says(plan.dimension()));
  }

  @Override
  public void ticked(long tick, long superstep) {
    ticks = tick;
    supersteps = superstep;
    long now = System.nanoTime();
    if (now - since > NANOS) {
      ticksPerSecond = (tick - sinceTick) * NANOS / (now - since);
      since = now;
      sinceTick = tick;
    }
  }

  @Override
  public void measured(RunState now) {
    ticks = now.tick();
    supersteps = now.superstep();
    CheckEvent event = events.apply(now.last());
    last = event;
    context.listenerBus().post(event);
  }
}
