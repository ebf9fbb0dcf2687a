/** The REST API as the commands use it. */
@NullMarked
package dev.modelflow.cli.client;

import org.jspecify.annotations.NullMarked;
