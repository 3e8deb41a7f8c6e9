/** Chunks, the fixed-size unit of deduplication: their size, their keyed ids, and what is zero. */
@NullMarked
package dev.nightjar.storage.chunk;

import org.jspecify.annotations.NullMarked;
