package dev.modelflow.engine.data;

/**
 * Tokens of a document that stand in a row.
 *
 * @param source the document's
 * @param document its number in the source
 * @param offset of its first token in the document
 * @param length in tokens
 */
public record Place(String source, int document, int offset, int length) {}
