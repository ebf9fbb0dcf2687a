/** Tests of the package of the same name. */
@NullMarked
package dev.modelflow.web.page;

import org.jspecify.annotations.NullMarked;
