/** Finds out how a trainer is started so that this machine is fastest, and keeps that in a file. */
@NullMarked
package dev.modelflow.calibrate;

import org.jspecify.annotations.NullMarked;
