/** Tests of the package of the same name. */
@NullMarked
package dev.modelflow.cli.client;

import org.jspecify.annotations.NullMarked;
