/** The words of the platform as values: digests, manifests, kinds and states. */
@NullMarked
package dev.modelflow.domain;

import org.jspecify.annotations.NullMarked;
