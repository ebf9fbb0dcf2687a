/** Tests of the read model, and the sample ledger that they and the web tests look at. */
@NullMarked
package dev.modelflow.read;

import org.jspecify.annotations.NullMarked;
