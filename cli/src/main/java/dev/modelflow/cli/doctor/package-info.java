/** Asks every service how it stands and says what is wrong and what to do. */
@NullMarked
package dev.modelflow.cli.doctor;

import org.jspecify.annotations.NullMarked;
