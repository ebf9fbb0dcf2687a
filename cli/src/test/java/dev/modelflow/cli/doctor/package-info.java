@NullMarked
package dev.modelflow.cli.doctor;

import org.jspecify.annotations.NullMarked;
