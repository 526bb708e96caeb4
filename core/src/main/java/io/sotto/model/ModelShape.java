package io.sotto.model;

import io.sotto.problem.BadInputException;
import java.io.Serializable;

/**
 * The shape of a model of language (DeepSeek-V3, arXiv:2412.19437, section 2). All are counts; the
 * names in brackets are those of the paper.
 *
 * @param vocabulary how many different tokens there are
 * @param width of what a layer hands on [d]
 * @param layers [L]
 * @param dense how many of them, from the first, have one feed-forward network and no experts
 * @param heads of attention [n_h]
 * @param head the width of keys and values of a head, positions aside [d_h]
 * @param queryLatent the width of the vector that queries are made of [d'_c]
 * @param latent the width of the vector that keys and values are made of; it is what is cached
 *     [d_c]
 * @param rope the width of keys and queries that carries positions; even [d_h^R]
 * @param inner the inner width of the feed-forward network of a dense layer
 * @param expertInner the inner width of an expert
 * @param experts routed experts of a layer [N_r]; 0 if all layers are dense
 * @param shared experts that see all tokens [N_s]
 * @param active how many routed experts a token has [K_r]
 * @param groups of experts, of which each token uses some only; 1 for no limit
 * @param activeGroups how many groups a token may use [M]
 * @param window how many tokens a sequence has in training [T]
 * @param mtp how many tokens after the next one are predicted as well [D]
 */
public record ModelShape(
    int vocabulary,
    int width,
    int layers,
    int dense,
    int heads,
    int head,
    int queryLatent,
    int latent,
    int rope,
    int inner,
    int expertInner,
    int experts,
    int shared,
    int active,
    int groups,
    int activeGroups,
    int window,
    int mtp)
    implements Serializable {

  private static final int MOST_EXPERTS = 1024;

  /**
   * Checks that it can be computed.
   *
   * @throws BadInputException names the key of a configuration and the remedy
   */
  public ModelShape {
    atLeast("vocabulary", vocabulary, 2);
    atLeast("width", width, 1);
    atLeast("layers", layers, 1);
    atLeast("dense-layers", dense, 0);
    atLeast("heads", heads, 1);
    atLeast("head", head, 1);
    atLeast("query-latent", queryLatent, 1);
    atLeast("latent", latent, 1);
    atLeast("rope", rope, 2);
    atLeast("inner", inner, 1);
    atLeast("experts", experts, 0);
    atLeast("window", window, 2);
    atLeast("mtp", mtp, 0);
    require(rope % 2 == 0, "rope", rope, "is rotated in pairs: give an even number");
    require(
        dense <= layers, "dense-layers", dense, "is more than model.layers, which is " + layers);
    require(
        mtp < window - 1,
        "mtp",
        mtp,
        "reaches past the end of a window of %d tokens: give at most %d, or a longer model.window"
            .formatted(window, window - 2));
    if (experts > 0) {
      atLeast("expert-inner", expertInner, 1);
      atLeast("shared", shared, 0);
      atLeast("active", active, 1);
      atLeast("groups", groups, 1);
      atLeast("active-groups", activeGroups, 1);
      require(experts <= MOST_EXPERTS, "experts", experts, "is more than " + MOST_EXPERTS);
      require(
          active <= experts, "active", active, "is more than model.experts, which is " + experts);
      require(
          experts % groups == 0,
          "groups",
          groups,
          "does not divide model.experts, which is %d".formatted(experts));
      require(
          activeGroups <= groups,
          "active-groups",
          activeGroups,
          "is more than model.groups, which is " + groups);
      require(
          active <= activeGroups * (experts / groups),
          "active",
          active,
          "is more than the %d experts of model.active-groups = %d groups"
              .formatted(activeGroups * (experts / groups), activeGroups));
    }
  }

  private static void atLeast(String key, int value, int least) {
    require(value >= least, key, value, "must be at least " + least);
  }

  private static void require(boolean holds, String key, int value, String complaint) {
    if (!holds) {
      throw new BadInputException("model.%s = %d %s.".formatted(key, value, complaint));
    }
  }

  /** The same with another number of tokens. */
  public ModelShape withVocabulary(int tokens) {
    return new ModelShape(
        tokens,
        width,
        layers,
        dense,
        heads,
        head,
        queryLatent,
        latent,
        rope,
        inner,
        expertInner,
        experts,
        shared,
        active,
        groups,
        activeGroups,
        window,
        mtp);
  }

  /** True if a layer has experts; the layers of multi-token prediction count on from the last. */
  public boolean hasExperts(int layer) {
    return experts > 0 && layer >= dense;
  }

  /** How many layers there are, with those of multi-token prediction. */
  public int allLayers() {
    return layers + mtp;
  }

  /** The width of the keys of a head. */
  public int key() {
    return head + rope;
  }

  /** How many numbers the decoder keeps for each token and layer. */
  public int cached() {
    return latent + rope;
  }

  /** How many numbers plain attention would keep: keys and values of all heads. */
  public int cachedByPlainAttention() {
    return heads * (key() + head);
  }
}
