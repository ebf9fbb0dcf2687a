/**
 * The processes of a stack, web and workers, which take their configuration from the environment
 * alone.
 */
@NullMarked
package dev.modelflow.cli.server;

import org.jspecify.annotations.NullMarked;
