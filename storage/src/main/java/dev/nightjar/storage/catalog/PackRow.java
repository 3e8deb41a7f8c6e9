package dev.nightjar.storage.catalog;

import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackId;

/**
 * A pack as the catalog knows it.
 *
 * @param number what chunk rows call it
 * @param id its name
 * @param kind what its chunks are
 * @param storedBytes its length
 * @param chunks how many chunks it was stored with
 */
public record PackRow(int number, PackId id, ChunkKind kind, long storedBytes, int chunks) {}
