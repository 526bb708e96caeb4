/** Estimators of Spark ML, for pipelines: they fit models of Spark MLlib to rows of agents. */
@NullMarked
package io.sotto.ml;

import org.jspecify.annotations.NullMarked;
