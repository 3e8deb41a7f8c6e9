/** Ingest: from regions of a disk to stored chunks, a map and a committed recovery point. */
@NullMarked
package dev.nightjar.storage.ingest;

import org.jspecify.annotations.NullMarked;
