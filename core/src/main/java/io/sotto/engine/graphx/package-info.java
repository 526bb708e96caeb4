/**
 * The engine on Spark: agents are the vertices of a GraphX graph, cells are its vertex partitions.
 * The only package of core that knows Spark and Scala.
 */
@NullMarked
package io.sotto.engine.graphx;

import org.jspecify.annotations.NullMarked;
