/** Verified content of stored chunks and map nodes: from a chunk id over the catalog and a pack's frame to bytes that have that id. */
@NullMarked
package dev.nightjar.storage.content;

import org.jspecify.annotations.NullMarked;
