package io.sotto.example;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Block;
import io.sotto.problem.ConstraintSet;
import io.sotto.problem.LocalObjective;
import io.sotto.problem.Loss;
import io.sotto.problem.Objective;
import io.sotto.problem.Parameters;
import io.sotto.problem.Proximal;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Which plant delivers how much. x has the output of each plant, in MW; a plant's only row is what
 * its own output costs in an hour: {@code curvature / 2 x^2 + price x + deviation |x - planned|}.
 * Features are these four numbers in this order, and the label is the plant's coordinate, from 0.
 * Curvatures are above 0.
 *
 * @param plants how many
 */
public record Dispatch(int plants) implements Objective {

  /** Reads {@code problem.parameters.plants}. */
  public Dispatch(Parameters parameters) {
    this(parameters.integer("plants", 1, 1_000_000));
  }

  @Override
  public Loss.Labels labels() {
    return Loss.Labels.REAL;
  }

  @Override
  public boolean smooth() {
    return false;
  }

  @Override
  public Shape shape(int features, int classes, boolean intercept) {
    return new Shape(0, plants, plants);
  }

  @Override
  public LocalObjective over(Block block) {
    Plant[] all = new Plant[block.rows().agents()];
    for (int i = 0; i < all.length; i++) {
      int row = block.rows().first(i);
      double[] terms = new double[block.rows().features()];
      block.rows().addScaled(row, 1, terms, 0);
      double label = block.rows().label(row);
      if (block.rows().first(i + 1) != row + 1 || terms.length != 4) {
        throw new BadInputException("A plant is one row of four features.");
      }
      if (!(label >= 0 && label < plants && terms[0] > 0 && terms[2] >= 0)) {
        throw new BadInputException(
            "A plant's label must be its coordinate, from 0, its curvature above 0, and what"
                + " deviations cost 0 or more.");
      }
      all[i] = new Plant((int) label, block.weight(row), terms[0], terms[1], terms[2], terms[3]);
    }
    return new Costs(plants, all);
  }

  /** One plant's cost; weight is its factor in F. */
  private record Plant(
      int at, double weight, double curvature, double price, double deviation, double planned)
      implements Serializable {

    double value(double x) {
      return weight * (curvature / 2 * x * x + price * x + deviation * Math.abs(x - planned));
    }

    double slope(double x) {
      return weight * (curvature * x + price + deviation * Math.signum(x - planned));
    }

    /** The least point of {@code value(x) - slope x + pull / 2 (x - target)^2}. */
    double least(double slope, double pull, double target) {
      double bend = weight * curvature + pull;
      double free = (pull * target + slope - weight * price) / bend - planned;
      double kink = weight * deviation / bend;
      return planned + Math.signum(free) * Math.max(0, Math.abs(free) - kink);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares costs
  private record Costs(int dimension, Plant[] plants) implements LocalObjective, Proximal {
    private static final int SWEEPS = 100;

    @Override
    public int agents() {
      return plants.length;
    }

    @Override
    public double value(int agent, double[] x, int at) {
      return plants[agent].value(x[at + plants[agent].at()]);
    }

    @Override
    public void subgradient(int agent, long key, double[] x, int at, double[] out) {
      Arrays.fill(out, 0);
      Plant plant = plants[agent];
      out[plant.at()] = plant.slope(x[at + plant.at()]);
    }

    @Override
    public double smoothness(int agent) {
      return Double.POSITIVE_INFINITY;
    }

    @Override
    public Proximal proximal() {
      return this;
    }

    /** The slope of the cost where the last step ended. */
    @Override
    public int duals(int agent, ConstraintSet set) {
      return 1;
    }

    @Override
    public int scratch(ConstraintSet set) {
      return set.scratch(dimension);
    }

    /**
     * Ascends the dual in turns: the point of the set for a slope of the cost, then the slope that
     * the cost has there.
     */
    @Override
    public void step(
        int agent,
        long key,
        double[] x,
        int at,
        double[] target,
        double proxWeight,
        ConstraintSet set,
        int n,
        double[] duals,
        int dualsAt,
        double[] work) {
      Plant plant = plants[agent];
      for (int sweep = 0; sweep < SWEEPS; sweep++) {
        double slope = duals[dualsAt];
        System.arraycopy(target, 0, x, at, dimension);
        double wanted = target[plant.at()] - slope / proxWeight;
        x[at + plant.at()] = wanted;
        set.project(x, at, n, work, 0);
        double pushed = x[at + plant.at()] + slope / proxWeight;
        double own = plant.least(0, proxWeight, pushed);
        duals[dualsAt] = proxWeight * (pushed - own);
        if (Math.abs(own - x[at + plant.at()]) <= 1e-12 * Math.max(1, Math.abs(own))) {
          break;
        }
      }
    }

    @Override
    public double addMinorant(int agent, double[] duals, int dualsAt, double[] slope) {
      Plant plant = plants[agent];
      double own = plant.least(duals[dualsAt], 0, 0);
      slope[plant.at()] += duals[dualsAt];
      return plant.value(own) - duals[dualsAt] * own;
    }
  }
}
