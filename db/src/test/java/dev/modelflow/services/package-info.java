/** The servers that integration tests use: given ones, containers, or embedded ones. */
@NullMarked
package dev.modelflow.services;

import org.jspecify.annotations.NullMarked;
