package io.sotto.problem;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What rows can cost, by name: one of the {@link Losses} of a single prediction, or softmax. */
public final class Objectives {
  /** Values of {@code problem.loss}; parameters are sibling keys of it. */
  public static final Registry<Objective> REGISTRY = registry();

  private Objectives() {}

  /** The loss of a single linear prediction. */
  public static Objective of(Loss loss) {
    return new OfLoss(loss);
  }

  /**
   * The one that is called so, or that is made of the user's own loss.
   *
   * @throws BadInputException if there is none, or its parameters do not fit
   */
  public static Objective loss(String key, String name, Parameters parameters) {
    return OwnClass.isName(name)
        ? of(Losses.REGISTRY.make(key, name, parameters))
        : REGISTRY.make(key, name, parameters);
  }

  /**
   * The user's own costs.
   *
   * @param name of the class
   * @throws BadInputException if there is none, or its parameters do not fit
   */
  public static Objective own(String key, String name, Parameters parameters) {
    return OwnClass.make(key, name, Objective.class, parameters);
  }

  /** What configurations call it; the name of its class if it is the user's own. */
  public static String name(Objective objective) {
    return REGISTRY.entries().stream()
        .filter(known -> known.makeExample().type() == objective.type())
        .map(Registry.Entry::name)
        .findFirst()
        .orElse(objective.type().getName());
  }

  /** True if it is the loss of a single linear prediction. */
  public static boolean isLoss(Objective objective) {
    return objective instanceof OfLoss;
  }

  /** The loss of a single linear prediction that it is; null for another one. */
  public static @Nullable Loss lossOf(Objective objective) {
    return objective instanceof OfLoss of ? of.loss() : null;
  }

  /**
   * The costs of the agents of a block.
   *
   * @throws BadInputException if they are not as exact as the objective says
   */
  public static LocalObjective over(Objective objective, Block block) {
    LocalObjective costs = objective.over(block);
    if (costs.exact() != objective.exact()) {
      throw new BadInputException(
          ("problem.objective is %s, whose exact() is %s; exact() of the costs that it makes is %s."
                  + " Let both say the same.")
              .formatted(objective.getClass().getName(), objective.exact(), costs.exact()));
    }
    return costs;
  }

  private static Registry<Objective> registry() {
    Registry<Objective> all = new Registry<>("loss");
    for (Registry.Entry<Loss> loss : Losses.REGISTRY.entries()) {
      all.add(loss.name(), loss.example(), p -> of(loss.factory().apply(p)));
    }
    return all.add("softmax", Map.of(), p -> new Softmax());
  }

  /** A loss of one prediction. */
  private record OfLoss(Loss loss) implements Objective {
    @Override
    public Class<?> type() {
      return loss.getClass();
    }

    @Override
    public Loss.Labels labels() {
      return loss.labels();
    }

    @Override
    public boolean smooth() {
      return loss.smooth();
    }

    @Override
    public double curvature() {
      double curvature = loss.curvature(1);
      return curvature > 0 && Double.isFinite(curvature) ? curvature : 1;
    }

    @Override
    public LocalObjective over(Block block) {
      return new LinearModel(block, loss);
    }
  }
}
