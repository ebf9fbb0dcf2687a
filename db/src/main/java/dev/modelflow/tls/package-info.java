/** Certificates, keys and secrets that lie in files and may be replaced while a process runs. */
@NullMarked
package dev.modelflow.tls;

import org.jspecify.annotations.NullMarked;
