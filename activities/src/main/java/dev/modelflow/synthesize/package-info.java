/**
 * Synthesis: texts, conversations, prompts and held-out questions made from templates, so that what
 * a small model learns can be checked.
 */
@NullMarked
package dev.modelflow.synthesize;

import org.jspecify.annotations.NullMarked;
