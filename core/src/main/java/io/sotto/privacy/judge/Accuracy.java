package io.sotto.privacy.judge;

import org.jspecify.annotations.Nullable;

/**
 * How well first messages, read as models, fit their senders' rows, and what they tell of the
 * direction in which these pulled.
 *
 * @param onVictim the median over victims and runs; null where the loss has no such figure
 * @param ofPublished the same of the published solution
 * @param update how much is learnt of the subgradient of the first update; null where nothing is
 *     known of any
 */
public record Accuracy(
    @Nullable Double onVictim, @Nullable Double ofPublished, @Nullable Leak update) {}
