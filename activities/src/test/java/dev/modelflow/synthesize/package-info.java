/** Tests of the synthetic families and of the split that keeps questions out of them. */
@NullMarked
package dev.modelflow.synthesize;

import org.jspecify.annotations.NullMarked;
