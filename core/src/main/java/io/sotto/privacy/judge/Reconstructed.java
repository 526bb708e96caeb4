package io.sotto.privacy.judge;

/**
 * Rows that were reconstructed.
 *
 * @param found how many of the victim's rows, to within a hundredth and with their labels
 * @param held how many the victim has
 * @param leak how near they are to true rows
 */
public record Reconstructed(int found, int held, double leak) {}
