/** The repository of recovery points: chunks, frames, packs, maps, the catalog, and how points are written and read. */
@NullMarked
package dev.nightjar.storage;

import org.jspecify.annotations.NullMarked;
