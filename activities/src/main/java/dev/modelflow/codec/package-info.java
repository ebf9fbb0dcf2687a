/** Encrypts what Temporal keeps: arguments, results and failures of workflows and activities. */
@NullMarked
package dev.modelflow.codec;

import org.jspecify.annotations.NullMarked;
