package dev.nightjar.service.export.disk;

import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.server.export.ServedDiskException;
import dev.nightjar.storage.map.MapRoot;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Dirty bitmaps that are no bitmaps: what differs from other points of the same disk. Thread-safe.
 *
 * @param points those points
 * @param roots the content of a point; throws if the point is gone
 */
public record SinceContexts(List<UUID> points, Function<UUID, MapRoot> roots) {

    private static final String PREFIX = "qemu:dirty-bitmap:since-";

    /** Copies the list. */
    public SinceContexts {
        points = List.copyOf(points);
    }

    /** The name of the context for a point. */
    public static String name(UUID point) {
        return PREFIX + point;
    }

    List<String> names() {
        return points.stream().map(SinceContexts::name).toList();
    }

    MapRoot root(String context) {
        UUID point = points.stream()
                .filter(each -> name(each).equals(context))
                .findFirst()
                .orElseThrow(() -> new ServedDiskException(Errno.EINVAL, "there is no context " + context));
        return roots.apply(point);
    }
}
