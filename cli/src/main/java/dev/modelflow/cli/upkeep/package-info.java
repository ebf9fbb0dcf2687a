/** What keeps ledger and objects in order: backups, their restoration, objects without an owner. */
@NullMarked
package dev.modelflow.cli.upkeep;

import org.jspecify.annotations.NullMarked;
