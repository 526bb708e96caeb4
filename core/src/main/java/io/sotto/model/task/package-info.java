/** Prompts whose answers can be checked, and models that learn from being right. */
@NullMarked
package io.sotto.model.task;

import org.jspecify.annotations.NullMarked;
