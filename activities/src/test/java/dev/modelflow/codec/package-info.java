@NullMarked
package dev.modelflow.codec;

import org.jspecify.annotations.NullMarked;
