package io.sotto.io;

import java.io.Serializable;

/**
 * A file of texts.
 *
 * @param file where it is
 * @param agent whose it is; empty where the file says it, or is dealt
 */
record TextPart(InputFile file, String agent) implements Serializable {}
