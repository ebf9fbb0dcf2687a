/**
 * Large checkpoints to and from the object store, by the platform and by the store's own client.
 */
@NullMarked
package dev.modelflow.cli.bench.objects;

import org.jspecify.annotations.NullMarked;
