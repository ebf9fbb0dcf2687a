/** The dashboard's pages, which work without JavaScript. */
@NullMarked
package dev.modelflow.web.page;

import org.jspecify.annotations.NullMarked;
