package io.sotto.io;

import java.io.Serializable;

/**
 * A row that could not be read.
 *
 * @param file its URI
 * @param line from 1, a header included
 * @param reason what is wrong with it
 * @param text the row
 */
public record BadRow(String file, long line, String reason, String text) implements Serializable {}
