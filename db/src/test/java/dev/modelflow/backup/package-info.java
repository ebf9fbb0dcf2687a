@NullMarked
package dev.modelflow.backup;

import org.jspecify.annotations.NullMarked;
