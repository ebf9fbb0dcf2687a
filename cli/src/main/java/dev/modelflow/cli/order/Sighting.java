package dev.modelflow.cli.order;

/**
 * Tokens of the document that a step saw.
 *
 * @param step of the stage, from 1
 * @param source the data that they are of: a source of the mix, {@code conversations}, {@code
 *     preferences} or {@code prompts}
 * @param from the first token's place in the document
 * @param tokens how many; 0 where the document is a prompt, which is always seen whole
 */
public record Sighting(int step, String source, int from, int tokens) {}
