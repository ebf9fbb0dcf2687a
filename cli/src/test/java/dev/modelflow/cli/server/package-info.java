/** Tests of the package of the same name. */
@NullMarked
package dev.modelflow.cli.server;

import org.jspecify.annotations.NullMarked;
