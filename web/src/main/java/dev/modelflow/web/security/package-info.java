/** Who may ask for what: tokens, sessions, hosts, headers and limits. */
@NullMarked
package dev.modelflow.web.security;

import org.jspecify.annotations.NullMarked;
