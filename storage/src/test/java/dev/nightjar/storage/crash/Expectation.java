package dev.nightjar.storage.crash;

import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.Repository;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What somebody may expect who was told what was done so far. Immutable but for the arrays, which nobody changes.
 *
 * @param created whether the repository's creation was acknowledged
 * @param unlocks what opens it: one of them at least, and while none is being changed, each
 * @param points the acknowledged points and their disks' content
 * @param leaving points whose deletion has begun and is not acknowledged
 * @param coming what has not been acknowledged, by the run that its points name
 */
record Expectation(
        boolean created,
        List<Unlock> unlocks,
        Map<UUID, byte[]> points,
        Map<UUID, byte[]> leaving,
        Map<UUID, Coming> coming) {

    /**
     * Points that are being made.
     *
     * @param disks their content, by the disk's name
     * @param end what the service does when it finds out that whoever makes them is dead
     */
    record Coming(Map<String, byte[]> disks, Consumer<Repository> end) {}

    static Expectation nothing(Unlock unlock) {
        return new Expectation(false, List.of(unlock), Map.of(), Map.of(), Map.of());
    }

    Expectation whenCreated() {
        return new Expectation(true, unlocks, points, leaving, coming);
    }

    Expectation openedBy(List<Unlock> others) {
        return new Expectation(created, others, points, leaving, coming);
    }

    Expectation withRun(UUID run, Map<String, byte[]> disks) {
        return with(run, new Coming(disks, repository -> repository.endRun(run)));
    }

    Expectation with(UUID run, Coming more) {
        return new Expectation(created, unlocks, points, leaving, with(coming, Map.of(run, more)));
    }

    Expectation acknowledged(UUID run, Map<UUID, byte[]> complete) {
        return new Expectation(created, unlocks, with(points, complete), leaving, without(coming, run));
    }

    Expectation deleting(UUID point) {
        Map<UUID, byte[]> going = points.containsKey(point) ? Map.of(point, points.get(point)) : Map.of();
        return new Expectation(created, unlocks, without(points, point), with(leaving, going), coming);
    }

    Expectation deleted(UUID point) {
        return new Expectation(created, unlocks, points, without(leaving, point), coming);
    }

    private static <V> Map<UUID, V> with(Map<UUID, V> some, Map<UUID, V> more) {
        Map<UUID, V> all = new HashMap<>(some);
        all.putAll(more);
        return Map.copyOf(all);
    }

    private static <V> Map<UUID, V> without(Map<UUID, V> some, UUID one) {
        Map<UUID, V> others = new HashMap<>(some);
        others.remove(one);
        return Map.copyOf(others);
    }
}
