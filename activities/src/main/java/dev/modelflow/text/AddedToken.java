package dev.modelflow.text;

/**
 * A token that stands whole for its name, outside of the merges.
 *
 * @param id in the vocabulary
 * @param content its name
 * @param special whether it stands for no text: its name in a text is text like any other
 */
record AddedToken(int id, String content, boolean special) {}
