/** Release: a folder that others can load, with a model card and the audit. */
@NullMarked
package dev.modelflow.release;

import org.jspecify.annotations.NullMarked;
