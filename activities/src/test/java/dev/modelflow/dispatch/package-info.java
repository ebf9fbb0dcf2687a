/** Tests of starting runs. */
@NullMarked
package dev.modelflow.dispatch;

import org.jspecify.annotations.NullMarked;
