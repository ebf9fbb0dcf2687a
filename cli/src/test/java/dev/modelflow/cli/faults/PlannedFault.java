package dev.modelflow.cli.faults;

import java.time.Duration;

/**
 * A fault and when it befalls the stack.
 *
 * @param number from 1
 * @param after time since the fault before it, or since the run began to run
 * @param lasts until it is healed; zero for what heals by itself
 */
record PlannedFault(int number, Duration after, Duration lasts, Fault fault) {}
