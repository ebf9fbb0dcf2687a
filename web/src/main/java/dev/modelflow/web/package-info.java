/** The web server that shows the ledger to people and to other systems. */
@NullMarked
package dev.modelflow.web;

import org.jspecify.annotations.NullMarked;
