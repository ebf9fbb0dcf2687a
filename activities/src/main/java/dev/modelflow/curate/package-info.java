/**
 * Curation: from pinned artifacts to clean documents, a tokenizer and token sets, every step a pure
 * function over one document or over the documents that share one key.
 */
@NullMarked
package dev.modelflow.curate;

import org.jspecify.annotations.NullMarked;
