package io.sotto.run;

/** Tells two listeners, one after the other. */
record BothListeners(Optimize.Listener one, Optimize.Listener other) implements Optimize.Listener {

  @Override
  public void tried(PenaltyPath.Trial trial) {
    one.tried(trial);
    other.tried(trial);
  }

  @Override
  public void selected(PenaltyPath path) {
    one.selected(path);
    other.selected(path);
  }

  @Override
  public void prepared(Prepared prepared) {
    one.prepared(prepared);
    other.prepared(prepared);
  }

  @Override
  public void resumed(SavedRun from) {
    one.resumed(from);
    other.resumed(from);
  }

  @Override
  public void stepChosen(StepSearch.Choice step) {
    one.stepChosen(step);
    other.stepChosen(step);
  }

  @Override
  public void warned(String sentence) {
    one.warned(sentence);
    other.warned(sentence);
  }

  @Override
  public void ticked(long tick, long supersteps) {
    one.ticked(tick, supersteps);
    other.ticked(tick, supersteps);
  }

  @Override
  public void measured(RunState now) {
    one.measured(now);
    other.measured(now);
  }
}
