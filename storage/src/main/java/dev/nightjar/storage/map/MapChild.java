package dev.nightjar.storage.map;

import dev.nightjar.storage.chunk.ChunkId;

/**
 * What lies below one place of a node: another node, or a chunk if the node is of level 0.
 *
 * @param id its id
 * @param first how many chunks lie before it, counted from the node's first
 * @param span how many chunks it stands for, zero ones included
 */
public record MapChild(ChunkId id, long first, long span) {}
