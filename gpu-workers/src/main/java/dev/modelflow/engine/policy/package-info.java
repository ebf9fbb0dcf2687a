/**
 * Reinforcement learning with verifiable rewards: rollouts, advantages and the clipped objective.
 */
@NullMarked
package dev.modelflow.engine.policy;

import org.jspecify.annotations.NullMarked;
