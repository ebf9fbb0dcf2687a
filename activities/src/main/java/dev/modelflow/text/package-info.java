/** Text as models see it: tokenizer, chat template, token sets, document and prompt files. */
@NullMarked
package dev.modelflow.text;

import org.jspecify.annotations.NullMarked;
