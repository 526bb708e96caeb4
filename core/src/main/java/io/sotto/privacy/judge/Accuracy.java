package io.sotto.privacy.judge;

import org.jspecify.annotations.Nullable;

/**
 * How well first messages, read as models, fit their senders' rows.
 *
 * @param onVictim the median over victims and runs; null where the loss has no such figure
 * @param ofPublished the same of the published solution
 */
public record Accuracy(@Nullable Double onVictim, @Nullable Double ofPublished) {}
