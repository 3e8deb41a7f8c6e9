package dev.nightjar.storage.offline;

import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.key.RepositoryConfig;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a repository consists of. Immutable.
 *
 * @param location where it is, for people
 * @param config what was decided when it was created
 * @param locked whether its key was not given, so that points are only counted
 * @param packs its packs by kind
 * @param records how many point records there are
 * @param points those that could be read, oldest first
 * @param flaws packs and records that cannot be read
 */
public record RepositoryFacts(
        String location,
        RepositoryConfig config,
        boolean locked,
        Map<ChunkKind, PackTotals> packs,
        long records,
        List<PointUse> points,
        List<Flaw> flaws) {

    /** Copies the collections. */
    public RepositoryFacts {
        packs = Map.copyOf(new EnumMap<>(packs));
        points = List.copyOf(points);
        flaws = List.copyOf(flaws);
    }
}
