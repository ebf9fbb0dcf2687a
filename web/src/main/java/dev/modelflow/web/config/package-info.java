/** What the web server is given. */
@NullMarked
package dev.modelflow.web.config;

import org.jspecify.annotations.NullMarked;
