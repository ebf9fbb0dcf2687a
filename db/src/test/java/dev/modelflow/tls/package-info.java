@NullMarked
package dev.modelflow.tls;

import org.jspecify.annotations.NullMarked;
