/**
 * Files in and out, through Hadoop's FileSystem and Spark SQL. Rows are read where they are wanted:
 * once by {@link io.sotto.io.Scan}, which only counts and sums, and then by each cell, which keeps
 * the rows of its own agents. They never pass through a shuffle.
 *
 * <p>{@link io.sotto.io.FileRows} and {@link io.sotto.io.TableRows} are where rows come from,
 * {@link io.sotto.io.ResultFolder} is where a result goes. To add a format, implement {@link
 * io.sotto.io.RowReader} and add a line to {@link io.sotto.io.FileRows}.
 */
@NullMarked
package io.sotto.io;

import org.jspecify.annotations.NullMarked;
