/** The REST API, version 1. */
@NullMarked
package dev.modelflow.web.api;

import org.jspecify.annotations.NullMarked;
