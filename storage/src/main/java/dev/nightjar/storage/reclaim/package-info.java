/** Frees the space of chunks that no point needs, beside running backups. */
@NullMarked
package dev.nightjar.storage.reclaim;

import org.jspecify.annotations.NullMarked;
