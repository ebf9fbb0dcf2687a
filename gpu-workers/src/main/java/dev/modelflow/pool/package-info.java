/**
 * The worker side of the trainer contract: starts trainers, reads their events, keeps what they
 * wrote.
 */
@NullMarked
package dev.modelflow.pool;

import org.jspecify.annotations.NullMarked;
