/**
 * What Sotto costs, each figure beside its baseline: the {@code bench} command. Baselines live here
 * and not in the product. Packed into a jar of its own, {@code target/sotto-bench.jar}.
 */
@NullMarked
package io.sotto.bench;

import org.jspecify.annotations.NullMarked;
