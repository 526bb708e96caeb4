/**
 * Who hears whom, and how much: topologies, edge lists, mixing weights, the mixing matrix and its
 * spectral gap, and the partition of a network into cells.
 *
 * <p>To add a topology, implement {@link io.sotto.network.Topology} and add a line to {@link
 * io.sotto.network.Topologies}; its contract test comes with that line. So it is with {@link
 * io.sotto.network.MixingRule} and {@link io.sotto.network.MixingRules}.
 */
@NullMarked
package io.sotto.network;

import org.jspecify.annotations.NullMarked;
