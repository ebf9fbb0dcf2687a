/** Tests of curation, step by step and as a whole. */
@NullMarked
package dev.modelflow.curate;

import org.jspecify.annotations.NullMarked;
