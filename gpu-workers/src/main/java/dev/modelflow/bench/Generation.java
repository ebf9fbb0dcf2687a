package dev.modelflow.bench;

/**
 * Drawing answers.
 *
 * @param batch answers at a time
 * @param tokensPerSecond of all answers together, reading the prompts included
 */
public record Generation(int batch, double tokensPerSecond) {}
