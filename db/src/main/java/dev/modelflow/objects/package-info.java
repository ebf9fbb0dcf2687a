/** Bytes of artifacts: the object store under their SHA-256 and the local cache of it. */
@NullMarked
package dev.modelflow.objects;

import org.jspecify.annotations.NullMarked;
