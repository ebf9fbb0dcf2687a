/** Trainers of others under the trainer contract: OLMo-core and open-instruct. */
@NullMarked
package dev.modelflow.adapter;

import org.jspecify.annotations.NullMarked;
