/** Tests of tokenizer, token sets and the files of text. */
@NullMarked
package dev.modelflow.text;

import org.jspecify.annotations.NullMarked;
