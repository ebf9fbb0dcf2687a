/** Puts prompts to a model and judges what it says. */
@NullMarked
package dev.modelflow.engine.question;

import org.jspecify.annotations.NullMarked;
