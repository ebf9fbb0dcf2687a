/** Tests of tokenizer, token sets and the files of text. */
@NullMarked
package dev.modelflow.weights;

import org.jspecify.annotations.NullMarked;
