/** Tests of the API's parts. */
@NullMarked
package dev.modelflow.web.api;

import org.jspecify.annotations.NullMarked;
