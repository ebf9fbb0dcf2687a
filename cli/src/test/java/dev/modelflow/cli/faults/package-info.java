/** The smoke flow on the stack of docker-compose.yml while faults befall it; see docs/faults.md. */
@NullMarked
package dev.modelflow.cli.faults;

import org.jspecify.annotations.NullMarked;
