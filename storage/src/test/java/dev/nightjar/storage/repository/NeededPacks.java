package dev.nightjar.storage.repository;

import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.point.PointRecord;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks which packs points need, and which of them are on their way out.
 *
 * @param fresh reads the maps as somebody does who has seen nothing before
 */
record NeededPacks(Catalog catalog, FreshReader fresh) {

    /** The packs in which the points' chunks and nodes lie, by the catalog. */
    Set<Integer> of(Collection<PointRecord> points) {
        Set<ChunkKey> needed = new HashSet<>();
        MapReader maps = fresh.maps();
        points.forEach(point -> maps.visit(
                point.root(), node -> needed.add(ChunkKey.of(node)), chunk -> needed.add(ChunkKey.of(chunk))));
        return catalog.database().read(connection -> catalog.chunks().locate(connection, needed)).values().stream()
                .map(ChunkLocation::pack)
                .collect(Collectors.toSet());
    }

    /** The packs that are condemned. */
    Set<Integer> condemned() {
        return catalog.database().read(catalog.packs()::condemned).stream()
                .map(PackRow::number)
                .collect(Collectors.toSet());
    }

    /** The number of the newest pack that is settled; 0 if there is none. */
    int newest() {
        return catalog.database().read(catalog.packs()::settled).stream()
                .mapToInt(PackRow::number)
                .max()
                .orElse(0);
    }
}
