package dev.nightjar.storage.catalog;

import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackId;

/**
 * A pack as the catalog knows it.
 *
 * @param number the catalog's short name for it, never used twice
 * @param id its content name
 * @param kind what its chunks are
 * @param state where in its life it is
 * @param storedBytes length of the file
 * @param chunks how many chunks its directory lists
 */
public record PackRow(int number, PackId id, ChunkKind kind, PackState state, long storedBytes, int chunks) {}
