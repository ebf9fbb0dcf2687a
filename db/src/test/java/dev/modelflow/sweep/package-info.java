@NullMarked
package dev.modelflow.sweep;

import org.jspecify.annotations.NullMarked;
