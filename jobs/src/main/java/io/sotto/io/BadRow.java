package io.sotto.io;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A row that could not be read.
 *
 * @param file its URI
 * @param line from 1, a header included
 * @param agent who holds it; null if that cannot be told
 * @param reason what is wrong with it; says what stands there only if values are shown
 * @param text the row, or its beginning; empty unless values are shown
 */
record BadRow(String file, long line, @Nullable String agent, String reason, String text)
    implements Serializable {}
